package dev.gradus.loss;

import dev.gradus.graph.Graph;
import dev.gradus.graph.Value;
import dev.gradus.graph.op.ElementwiseLoss;
import dev.gradus.kernel.LossFunction;

/** A loss of each element; the target has the prediction's shape. */
record ElementLoss(LossFunction function) implements Loss {
  @Override
  public String name() {
    return function.name();
  }

  @Override
  public Value rows(final Graph graph, final Value prediction, final Value target) {
    return graph.apply(new ElementwiseLoss(function), prediction, target);
  }
}
