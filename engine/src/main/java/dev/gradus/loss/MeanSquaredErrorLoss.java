package dev.gradus.loss;

import dev.gradus.graph.Graph;
import dev.gradus.graph.Value;
import dev.gradus.graph.op.MeanSquaredError;
import dev.gradus.memory.TensorType;

/**
 * {@code mean((prediction - target)^2)} over all elements; the target has the prediction's shape.
 */
public record MeanSquaredErrorLoss() implements Loss {
  @Override
  public String name() {
    return "mse";
  }

  @Override
  public TensorType targetType(final TensorType prediction) {
    return prediction;
  }

  @Override
  public Value build(final Graph graph, final Value prediction, final Value target) {
    return graph.apply(new MeanSquaredError(), prediction, target);
  }
}
