package dev.gradus.loss;

import dev.gradus.graph.Graph;
import dev.gradus.graph.Value;
import dev.gradus.memory.Shape;
import dev.gradus.memory.Tensor;
import dev.gradus.memory.TensorType;

/**
 * What training makes small: a scalar of prediction and target, composed from ops, so that its
 * gradient follows. Adding one takes one file and one row in {@link Losses}.
 */
public interface Loss {
  /** The name users write, lower case. */
  String name();

  /**
   * The target that goes with a prediction.
   *
   * @throws dev.gradus.memory.GradusException where this loss does not fit that prediction.
   */
  TensorType targetType(TensorType prediction);

  /**
   * Checks the content of targets before a step, where that is cheap and what is wrong would do
   * harm: class indices.
   *
   * @param target holds at least {@code rows} rows.
   * @param prediction shape of the predictions.
   * @throws dev.gradus.memory.GradusException where a target is out of range.
   */
  default void requireTarget(final Tensor target, final Shape prediction, final int rows) {}

  /** Appends the ops that compute the loss, of shape [1]. */
  Value build(Graph graph, Value prediction, Value target);
}
