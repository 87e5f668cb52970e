package dev.gradus.nn;

import dev.gradus.graph.Value;
import dev.gradus.graph.op.Permute;
import java.util.List;

/**
 * Dimensions of each row in another order, counted from 1: {@code permute(2,1)} transposes a
 * matrix.
 */
public record PermuteLayer(Permute op) implements Layer {
  @Override
  public Value define(final Scope scope, final Value input) {
    return scope.graph().apply(op, input);
  }

  /** The layer that arguments {@code dimension,...} describe. */
  static Layer parse(final List<String> arguments) {
    return new PermuteLayer(
        new Permute(
            arguments.stream().map(axis -> Layers.number("dimension of permute", axis)).toList()));
  }

  @Override
  public String describe() {
    return "permute(" + String.join(",", op.order().stream().map(String::valueOf).toList()) + ")";
  }
}
