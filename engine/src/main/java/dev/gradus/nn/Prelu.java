package dev.gradus.nn;

import dev.gradus.graph.Graph;
import dev.gradus.graph.Value;
import dev.gradus.graph.op.Activate;
import dev.gradus.graph.op.Add;
import dev.gradus.graph.op.BroadcastRows;
import dev.gradus.graph.op.Multiply;
import dev.gradus.graph.op.Repeat;
import dev.gradus.graph.op.Reshape;
import dev.gradus.graph.op.Subtract;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.Shape;
import java.util.List;

/**
 * ReLU with a learned slope below zero: {@code max(x, 0) + slope * min(x, 0)}. Parameter: "weight",
 * one slope for all or one for each channel (the dimension behind the batch), 0.25 at first.
 *
 * <p>Source: He et al. 2015, as PyTorch's {@code PReLU}.
 */
public record Prelu(boolean perChannel) implements Layer {
  private static final float FIRST_SLOPE = 0.25f;

  @Override
  public Value define(final Scope scope, final Value input) {
    final Shape shape = input.shape();
    if (!shape.isBatched() || shape.rank() < 2 || shape.rowElements() > Integer.MAX_VALUE) {
      throw GradusException.mismatch(
          "shape of input of prelu", "[N,channels,...] of fewer than 2^31 elements a row", shape);
    }
    final Graph graph = scope.graph();
    final int row = (int) shape.rowElements();
    final int slopes = perChannel ? shape.dim(1) : 1;
    final Value weight =
        scope.parameter("weight", Shape.of(slopes), Initializers.constant(FIRST_SLOPE), 1, 1);
    final Value column = graph.apply(new Reshape(Shape.of(slopes, 1)), weight);
    final Value spread = graph.apply(new Repeat(1, row / slopes), column);
    final Value vector = graph.apply(new Reshape(Shape.of(row)), spread);
    final Value x = graph.apply(new Reshape(Shape.batched(row)), input);
    final Value above = graph.apply(new Activate(Activations.RELU), x);
    final Value below = graph.apply(new Subtract(), x, above);
    final Value slope = graph.apply(new BroadcastRows(), vector, x);
    final Value leak = graph.apply(new Multiply(), slope, below);
    return graph.apply(new Reshape(shape), graph.apply(new Add(), above, leak));
  }

  /** The layer that arguments {@code [channel]} describe. */
  static Layer parse(final List<String> arguments) {
    if (arguments.isEmpty()) {
      return new Prelu(false);
    }
    if (!arguments.equals(List.of("channel"))) {
      throw GradusException.mismatch("arguments of prelu", "none or channel", arguments);
    }
    return new Prelu(true);
  }

  @Override
  public String describe() {
    return perChannel ? "prelu(channel)" : "prelu()";
  }
}
