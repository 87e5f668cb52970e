package dev.gradus.train;

import dev.gradus.data.Batches;
import dev.gradus.loss.Loss;
import dev.gradus.memory.DType;
import dev.gradus.memory.Tensor;
import dev.gradus.nn.Network;
import dev.gradus.plan.Engine;
import dev.gradus.plan.EvaluatePlan;
import dev.gradus.plan.Parameters;
import dev.gradus.plan.PlanOptions;

/**
 * The score of a network on data it is not trained with.
 *
 * @param rows scored.
 * @param loss mean over the rows.
 * @param accuracy share of labels at which the largest output is; NaN for float targets.
 */
public record Evaluation(int rows, double loss, double accuracy) {
  /** Scores all batches of one epoch. */
  public static Evaluation of(final EvaluatePlan plan, final Batches batches) {
    final Tensor target = plan.target();
    final boolean labels = target.type().dtype() == DType.INT32;
    double lossSum = 0;
    long correct = 0;
    int seen = 0;
    batches.startEpoch(0);
    for (int rows = batches.next(plan.input(), target);
        rows > 0;
        rows = batches.next(plan.input(), target)) {
      lossSum += (double) plan.run(rows) * rows;
      correct += labels ? Hits.count(plan.output(), target, rows) : 0;
      seen += rows;
    }
    return new Evaluation(
        seen,
        lossSum / seen,
        labels ? (double) correct / Hits.labels(plan.output(), seen) : Double.NaN);
  }

  /** Compiles a plan, scores, and closes it. */
  public static Evaluation of(
      final Engine engine,
      final Network network,
      final Parameters parameters,
      final Loss loss,
      final Batches batches) {
    final PlanOptions options = new PlanOptions(batches.batchSize());
    try (EvaluatePlan plan = EvaluatePlan.compile(engine, network, parameters, loss, options)) {
      return of(plan, batches);
    }
  }
}
