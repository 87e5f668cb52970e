package dev.gradus.nn;

import dev.gradus.graph.Value;
import dev.gradus.graph.op.AddBias;
import dev.gradus.graph.op.Reshape;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.Shape;

/**
 * A learned vector for each step of a sequence, added to what is there: (N,steps,features) in and
 * out. Attention has no other way to know the order of steps. Parameter: "weight" (steps*features),
 * normal with a deviation of 0.02 at first.
 *
 * <p>Source: Devlin et al. 2019.
 */
public record Positions() implements Layer {
  private static final float DEVIATION = 0.02f;

  @Override
  public Value define(final Scope scope, final Value input) {
    final Shape shape = input.shape();
    if (shape.rank() != 3 || shape.rowElements() > Integer.MAX_VALUE) {
      throw GradusException.mismatch(
          "shape of input of positions", "[N,steps,features] of fewer than 2^31 a row", shape);
    }
    final int row = (int) shape.rowElements();
    final Value weight =
        scope.parameter("weight", Shape.of(row), Initializers.normal(0, DEVIATION), row, row);
    final Value rows = scope.graph().apply(new Reshape(Shape.batched(row)), input);
    final Value sum = scope.graph().apply(new AddBias(), rows, weight);
    return scope.graph().apply(new Reshape(shape), sum);
  }

  @Override
  public String describe() {
    return "positions()";
  }
}
