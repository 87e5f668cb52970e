package dev.gradus.nn;

import dev.gradus.graph.Value;
import dev.gradus.graph.op.LogSoftmax;

/** The logarithm of softmax over the last dimension, precise where a probability rounds to 0. */
public record LogSoftmaxLayer() implements Layer {
  @Override
  public Value define(final Scope scope, final Value input) {
    return scope.graph().apply(new LogSoftmax(), input);
  }

  @Override
  public String describe() {
    return "log_softmax()";
  }
}
