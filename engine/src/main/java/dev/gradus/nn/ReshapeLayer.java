package dev.gradus.nn;

import dev.gradus.graph.Value;
import dev.gradus.graph.op.Reshape;
import dev.gradus.memory.Shape;
import java.util.List;

/** Gives each row another shape, without copying: {@code reshape(1,28,28)} of {@code [N,784]}. */
public record ReshapeLayer(Shape shape) implements Layer {
  @Override
  public Value define(final Scope scope, final Value input) {
    return scope.graph().apply(new Reshape(shape), input);
  }

  /** The layer that arguments {@code size,...} of a row's dimensions describe. */
  static Layer parse(final List<String> arguments) {
    return new ReshapeLayer(
        Shape.batched(
            arguments.stream().mapToInt(size -> Layers.number("size of reshape", size)).toArray()));
  }

  @Override
  public String describe() {
    final String text = shape.toString(); // [N,a,b]
    return "reshape(" + text.substring(Math.min(3, text.length() - 1), text.length() - 1) + ")";
  }
}
