package dev.gradus.nn;

import dev.gradus.graph.Value;
import dev.gradus.graph.op.Reshape;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.Shape;

/** Makes one vector of each row: {@code [N,C,H,W]} becomes {@code [N,C*H*W]}, without copying. */
public record Flatten() implements Layer {
  @Override
  public Value define(final Scope scope, final Value input) {
    final Shape shape = input.shape();
    if (!shape.isBatched() || shape.rank() < 2 || shape.rowElements() > Integer.MAX_VALUE) {
      throw GradusException.mismatch(
          "shape of input of flatten", "[N,...] of fewer than 2^31 elements a row", shape);
    }
    return scope.graph().apply(new Reshape(Shape.batched((int) shape.rowElements())), input);
  }

  @Override
  public String describe() {
    return "flatten()";
  }
}
