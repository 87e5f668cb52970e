package dev.gradus.nn;

import dev.gradus.graph.Value;
import dev.gradus.graph.op.Codes;
import dev.gradus.graph.op.Embedding;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.Shape;
import java.util.List;

/**
 * A learned vector for each category of each column: float codes (N,columns) in, (N,columns,
 * features) out. Column {@code c} has codes from 0 up to {@code sizes[c]}; any other value counts
 * as 0, which so suits what was not seen in training. Parameter: "weight" (sum of sizes,features);
 * a training step costs what the rows that occur in its batch cost.
 *
 * @param weights how the vectors start.
 */
public record Categorical(int features, List<Integer> sizes, Initializer weights) implements Layer {
  // One for all, so that equal layers are equal. With fans of 1 it is a standard normal
  // distribution, as PyTorch's Embedding has.
  private static final Initializer STANDARD_NORMAL = Initializers.glorotNormal();

  public Categorical {
    sizes = List.copyOf(sizes);
    if (features < 1) {
      throw GradusException.outOfRange("features of categorical", "1 or more", features);
    }
    if (sizes.isEmpty()) {
      throw GradusException.mismatch("columns of categorical", "1 or more", 0);
    }
    Codes.requireSizes(sizes);
    if (weights == null) {
      throw GradusException.mismatch("weights of categorical", "an initializer", null);
    }
  }

  /** Standard normal at first. */
  public Categorical(final int features, final List<Integer> sizes) {
    this(features, sizes, STANDARD_NORMAL);
  }

  @Override
  public Value define(final Scope scope, final Value input) {
    final Codes codes = new Codes(sizes);
    final Value table =
        scope.parameter("weight", Shape.of(codes.entries(), features), weights, 1, 1);
    final Value indices = scope.graph().apply(codes, input);
    return scope.graph().apply(new Embedding(-1), table, indices);
  }

  /** The layer that arguments {@code features,size,size,...} describe. */
  static Layer parse(final List<String> arguments) {
    if (arguments.size() < 2) {
      throw GradusException.mismatch(
          "arguments of categorical", "features,size[,size...]", arguments);
    }
    return new Categorical(
        Layers.number("features of categorical", arguments.get(0)),
        arguments.subList(1, arguments.size()).stream()
            .map(size -> Layers.number("size of categorical", size))
            .toList());
  }

  @Override
  public String describe() {
    final StringBuilder text = new StringBuilder("categorical(").append(features);
    for (final int size : sizes) {
      text.append(',').append(size);
    }
    return text.append(')').toString();
  }
}
