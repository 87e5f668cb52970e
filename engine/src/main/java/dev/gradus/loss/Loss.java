package dev.gradus.loss;

import dev.gradus.graph.Graph;
import dev.gradus.graph.Value;
import dev.gradus.graph.op.Mean;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.Shape;
import dev.gradus.memory.Tensor;
import dev.gradus.memory.TensorType;

/**
 * What training makes small: the mean of the losses of samples, composed from ops, so that the
 * gradient follows. A lambda will do for one's own:
 *
 * <pre>{@code
 * Loss smooth = (graph, prediction, target) -> graph.apply(new Add(),
 *     Losses.meanSquaredError().rows(graph, prediction, target),
 *     Losses.meanAbsoluteError().rows(graph, prediction, target));
 * }</pre>
 *
 * <p>Every loss takes weights of samples: {@code TrainPlan.weights()}, one float for each row of
 * the batch, multiplies that row's losses; 1 unless written. The divisor of the mean stays the
 * number of losses, as that of PyTorch's {@code weight} in {@code binary_cross_entropy} and Keras's
 * {@code sample_weight}.
 *
 * <p>Adding a loss to those users name takes one file and one row in {@link Losses}.
 */
@FunctionalInterface
public interface Loss {
  /**
   * Appends the ops that compute the losses before they are averaged.
   *
   * @return of shape (N, ...): one or several for each row of the batch.
   */
  Value rows(Graph graph, Value prediction, Value target);

  /** The name users write, lower case. */
  default String name() {
    return "custom";
  }

  /** The name, with the number in parentheses where there is one, as {@link Losses} reads it. */
  default String describe() {
    return name();
  }

  /**
   * The target that goes with a prediction; the prediction's own type unless a loss says otherwise.
   *
   * @throws GradusException where this loss does not fit that prediction.
   */
  default TensorType targetType(final TensorType prediction) {
    return prediction;
  }

  /**
   * Checks the content of targets before a step, where what is wrong would do harm: class indices,
   * probabilities.
   *
   * @param target holds at least {@code rows} rows.
   * @param prediction shape of the predictions.
   * @throws GradusException where a target is out of range.
   */
  default void requireTarget(final Tensor target, final Shape prediction, final int rows) {}

  /** Appends the ops that compute the loss, of shape [1]: the mean of {@link #rows}. */
  default Value build(final Graph graph, final Value prediction, final Value target) {
    return mean(graph, rows(graph, prediction, target), target, null);
  }

  /**
   * As {@link #build(Graph, Value, Value)}, with a weight for each row of the batch.
   *
   * @param weights of shape (N).
   * @throws GradusException where what this loss computes has no batch dimension.
   */
  default Value build(
      final Graph graph, final Value prediction, final Value target, final Value weights) {
    final Value rows = rows(graph, prediction, target);
    if (!rows.shape().isBatched()) {
      throw GradusException.mismatch("losses of " + name(), "[N,...]", rows.shape());
    }
    return mean(graph, rows, target, weights);
  }

  /**
   * Appends what makes one number, of shape [1], of the losses of rows.
   *
   * @param weights of shape (N), or null for none.
   */
  default Value mean(final Graph graph, final Value rows, final Value target, final Value weights) {
    return weights == null ? graph.apply(new Mean(), rows) : graph.apply(new Mean(), rows, weights);
  }
}
