package dev.gradus.nn;

import dev.gradus.graph.Value;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.Shape;
import java.util.List;

/**
 * A learned vector for each index: int32 (N,...) in, (N,...,features) out. The first layer of a
 * network whose input is {@code int}. Parameter: "weight" (entries,features), standard normal at
 * first. A training step costs what the rows that occur in its batch cost, however long the table;
 * see {@link dev.gradus.optim.RowUpdate} for what that means for an optimizer's moments.
 *
 * @param padding an index that stands for nothing: its vector is zeros and never learned, which a
 *     recurrent layer with a mask skips; -1 for none.
 */
public record Embedding(int entries, int features, int padding) implements Layer {
  public Embedding {
    if (entries < 1) {
      throw GradusException.outOfRange("entries of embedding", "1 or more", entries);
    }
    if (features < 1) {
      throw GradusException.outOfRange("features of embedding", "1 or more", features);
    }
    if (padding < -1 || padding >= entries) {
      throw GradusException.outOfRange("padding of embedding", "-1 to " + (entries - 1), padding);
    }
  }

  /** Without padding. */
  public Embedding(final int entries, final int features) {
    this(entries, features, -1);
  }

  @Override
  public Value define(final Scope scope, final Value input) {
    // Fans of 1 make the normal distribution a standard one, as PyTorch's Embedding has.
    final Value table =
        scope.parameter("weight", Shape.of(entries, features), Initializers.glorotNormal(), 1, 1);
    return scope.graph().apply(new dev.gradus.graph.op.Embedding(padding), table, input);
  }

  /** The layer that arguments {@code entries,features[,padding]} describe. */
  static Layer parse(final List<String> arguments) {
    if (arguments.size() < 2 || arguments.size() > 3) {
      throw GradusException.mismatch(
          "arguments of embedding", "entries,features[,padding]", arguments);
    }
    return new Embedding(
        Layers.number("entries of embedding", arguments.get(0)),
        Layers.number("features of embedding", arguments.get(1)),
        arguments.size() == 2 ? -1 : Layers.number("padding of embedding", arguments.get(2)));
  }

  @Override
  public String describe() {
    return "embedding(" + entries + "," + features + (padding < 0 ? "" : "," + padding) + ")";
  }
}
