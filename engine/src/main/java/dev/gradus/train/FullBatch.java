package dev.gradus.train;

import dev.gradus.plan.GradientPlan;

/**
 * A method that makes the loss of one batch small, all data at once: for small networks, whose loss
 * it brings lower in fewer runs than descent by batches does.
 *
 * <pre>{@code
 * plan.input().copyFrom(features);
 * plan.target().copyFrom(labels);
 * FullBatch.Result result = new Lbfgs().minimise(plan, rows, 500);
 * }</pre>
 *
 * <p>It works on the plan's learned parameters as one vector of doubles, in the order of
 * definition, each rounded to a float before a run. It keeps that vector some times over on the
 * heap.
 *
 * <p>The loss has to be a function of the parameters alone: a network with dropout, statistics of
 * the batch or a carried state is refused. {@link FullBatchMethods} has them by name.
 */
public interface FullBatch {
  /**
   * How it ended. The plan's parameters are those of the lowest loss found.
   *
   * @param loss theirs.
   * @param iterations made.
   * @param runs of the plan, with gradients or without.
   * @param reason why it ended.
   */
  record Result(double loss, int iterations, long runs, String reason) {}

  /** The name users write, lower case. */
  String name();

  /**
   * Changes the parameters.
   *
   * @param plan with input and target written.
   * @param rows of them.
   * @param iterations the most to make, 1 or more.
   * @throws dev.gradus.memory.GradusException where a layer changes something in each run, rows,
   *     indices or targets are out of range or the loss is not finite at the start; nothing has
   *     changed then.
   */
  Result minimise(GradientPlan plan, int rows, int iterations);
}
