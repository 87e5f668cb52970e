package dev.gradus.tools.training;

import com.sun.management.ThreadMXBean;
import dev.gradus.data.Batches;
import dev.gradus.nn.Network;
import dev.gradus.plan.Engine;
import dev.gradus.plan.EvaluatePlan;
import dev.gradus.plan.Parameters;
import dev.gradus.plan.PlanOptions;
import dev.gradus.plan.TrainPlan;
import dev.gradus.train.Evaluation;
import dev.gradus.train.TrainListener;
import dev.gradus.train.Trainer;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;

/**
 * Steps before those that are measured, on weights of their own that stay as they start: until the
 * JVM has compiled the kernels, and so allocates no more vectors on the heap. Scoring takes part,
 * as its sizes are others: code compiled without them would be thrown away when they come. The
 * short batch that ends an epoch takes part in every step, as it else comes too seldom to be
 * compiled.
 */
final class WarmUp implements TrainListener {
  private static final long LEAST_NANOS = TimeUnit.MILLISECONDS.toNanos(1500);
  private static final long MOST_NANOS = TimeUnit.SECONDS.toNanos(20);
  private static final int CLEAN_STEPS = 500;
  private static final int STEPS_BETWEEN_SCORES = 50;

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final long startNanos = System.nanoTime();
  private final TrainPlan plan;
  private final int lastRows;
  private final Trainer trainer;
  private final EvaluatePlan scoring;
  private final Batches validation;
  private long bytes;
  private int clean;

  private WarmUp(
      final TrainPlan plan,
      final Batches batches,
      final EvaluatePlan scoring,
      final Batches validation) {
    this.plan = plan;
    this.lastRows = batches.lastRows();
    this.trainer = new Trainer(plan, batches, this);
    this.scoring = scoring;
    this.validation = validation;
  }

  /** Takes steps until some hundred in a row have allocated nothing; the number of steps. */
  static long run(
      final Engine engine,
      final Network network,
      final TrainingOptions options,
      final Batches batches,
      final Batches validation) {
    final PlanOptions training = new PlanOptions(Math.min(batches.batchSize(), batches.rows()));
    try (Parameters parameters = Parameters.initialise(engine, network, options.seed());
        TrainPlan plan =
            TrainPlan.compile(
                engine, network, parameters, options.trainingLoss(), options.descent(), training);
        EvaluatePlan scoring =
            EvaluatePlan.compile(
                engine, network, parameters, options.loss(), new PlanOptions(Scores.BATCH))) {
      plan.learningRate(0);
      return new WarmUp(plan, batches, scoring, validation).trainer.run(Integer.MAX_VALUE).steps();
    }
  }

  @Override
  public void afterStep(
      final int epoch, final long step, final int rows, final float loss, final long nanos) {
    if (lastRows > 0) {
      plan.step(lastRows);
    }
    clean = threads.getCurrentThreadAllocatedBytes() == bytes ? clean + 1 : 0;
    final long elapsed = System.nanoTime() - startNanos;
    if (elapsed >= MOST_NANOS || (clean >= CLEAN_STEPS && elapsed >= LEAST_NANOS)) {
      trainer.stop();
    }
    if (validation != null && step % STEPS_BETWEEN_SCORES == 1) {
      Evaluation.of(scoring, validation);
    }
    bytes = threads.getCurrentThreadAllocatedBytes();
  }
}
