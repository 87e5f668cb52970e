package dev.gradus.nn;

import dev.gradus.graph.Value;
import dev.gradus.graph.op.Softmax;

/**
 * Softmax over the last dimension. For probabilities in prediction; training with {@code
 * softmaxCrossEntropy} wants the logits before it.
 */
public record SoftmaxLayer() implements Layer {
  @Override
  public Value define(final Scope scope, final Value input) {
    return scope.graph().apply(new Softmax(), input);
  }

  @Override
  public String describe() {
    return "softmax()";
  }
}
