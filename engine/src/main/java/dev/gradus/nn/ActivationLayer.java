package dev.gradus.nn;

import dev.gradus.graph.Value;
import dev.gradus.graph.op.Activate;
import dev.gradus.kernel.Activation;

/** An elementwise activation as a layer of its own. */
public record ActivationLayer(Activation function) implements Layer {
  @Override
  public Value define(final Scope scope, final Value input) {
    return scope.graph().apply(new Activate(function), input);
  }

  @Override
  public String describe() {
    final String text = function.describe();
    return text.endsWith(")") ? text : text + "()";
  }
}
