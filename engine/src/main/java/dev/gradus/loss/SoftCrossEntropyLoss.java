package dev.gradus.loss;

import dev.gradus.graph.Graph;
import dev.gradus.graph.Value;
import dev.gradus.graph.op.ElementwiseLoss;
import dev.gradus.graph.op.LogSoftmax;
import dev.gradus.kernel.SoftTargets;
import dev.gradus.memory.Shape;
import dev.gradus.memory.Tensor;

/**
 * {@code -sum over c of t[c] * log softmax(logits)[c]}: the prediction is logits, the target each
 * class's probability, of the same shape.
 */
record SoftCrossEntropyLoss() implements Loss {
  private static final SoftTargets FUNCTION = new SoftTargets();

  @Override
  public String name() {
    return FUNCTION.name();
  }

  @Override
  public Value rows(final Graph graph, final Value prediction, final Value target) {
    final Value logProbabilities = graph.apply(new LogSoftmax(), prediction);
    return graph.apply(new ElementwiseLoss(FUNCTION), logProbabilities, target);
  }

  @Override
  public void requireTarget(final Tensor target, final Shape prediction, final int rows) {
    ElementLoss.requireRange(name(), 0f, 1f, target, rows);
  }
}
