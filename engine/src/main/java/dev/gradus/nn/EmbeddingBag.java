package dev.gradus.nn;

import dev.gradus.graph.Value;
import dev.gradus.graph.op.Reshape;
import dev.gradus.graph.op.Scale;
import dev.gradus.graph.op.SumAxis;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.Shape;
import java.util.List;

/**
 * The sum or the mean of the learned vectors of all indices in a row: int32 (N,indices) in,
 * (N,features) out. Parameter: "weight" (entries,features), as in {@link Embedding}, with the same
 * lazy update of rows.
 *
 * @param mean whether the sum is divided by the number of indices, padding among them.
 * @param padding an index that adds nothing, with which shorter rows are filled up; -1 for none.
 */
public record EmbeddingBag(int entries, int features, boolean mean, int padding) implements Layer {
  public EmbeddingBag {
    final Embedding checked = new Embedding(entries, features, padding);
    if (mean && checked.padding() >= 0) {
      throw GradusException.mismatch(
          "padding of embedding_bag with mean", "none: a mean is of all indices", padding);
    }
  }

  @Override
  public Value define(final Scope scope, final Value input) {
    if (input.shape().rank() != 2) {
      throw GradusException.mismatch(
          "shape of input of embedding_bag", "[N,indices]", input.shape());
    }
    final Value vectors = new Embedding(entries, features, padding).define(scope, input);
    final Value sum = scope.graph().apply(new SumAxis(1), vectors);
    final Value row = scope.graph().apply(new Reshape(Shape.batched(features)), sum);
    return mean ? scope.graph().apply(new Scale(1f / input.shape().last()), row) : row;
  }

  /** The layer that arguments {@code entries,features[,mean][,padding]} describe. */
  static Layer parse(final List<String> arguments) {
    if (arguments.size() < 2 || arguments.size() > 3) {
      throw GradusException.mismatch(
          "arguments of embedding_bag", "entries,features[,mean|padding]", arguments);
    }
    final boolean mean = arguments.size() == 3 && arguments.get(2).equals("mean");
    return new EmbeddingBag(
        Layers.number("entries of embedding_bag", arguments.get(0)),
        Layers.number("features of embedding_bag", arguments.get(1)),
        mean,
        arguments.size() == 2 || mean
            ? -1
            : Layers.number("padding of embedding_bag", arguments.get(2)));
  }

  @Override
  public String describe() {
    return "embedding_bag("
        + entries
        + ","
        + features
        + (mean ? ",mean" : "")
        + (padding < 0 ? "" : "," + padding)
        + ")";
  }
}
