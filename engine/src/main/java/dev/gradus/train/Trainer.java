package dev.gradus.train;

import dev.gradus.data.Batches;
import dev.gradus.memory.DType;
import dev.gradus.memory.GradusException;
import dev.gradus.optim.Schedule;
import dev.gradus.plan.EvaluatePlan;
import dev.gradus.plan.Parameters;
import dev.gradus.plan.TrainPlan;

/**
 * The training loop: batches through a plan, epoch by epoch. Its own work allocates nothing. {@link
 * #stop} may be called from any thread.
 *
 * <pre>{@code
 * new Trainer(plan, batches, listener)
 *     .schedule(Schedules.parse("warmup(100) cosine", steps))
 *     .validation(scoring, others)
 *     .stopping(new EarlyStopping(engine, network, parameters, 5, 0), new TimeBudget(60))
 *     .run(100);
 * }</pre>
 */
public final class Trainer {
  private static final String STOPPED = "asked to stop";

  private final TrainPlan plan;
  private final Batches batches;
  private final TrainListener listener;
  private Schedule schedule; // null: the rate is left alone
  private double learningRate;
  private EvaluatePlan scoring;
  private Batches validation;
  private Parameters averages; // null: the plan's own weights are what is scored
  private Stopping[] rules = {};
  private volatile boolean stopped;

  /** A loop at the plan's rate, until all epochs are done or {@link #stop} is called. */
  public Trainer(final TrainPlan plan, final Batches batches, final TrainListener listener) {
    this.plan = plan;
    this.batches = batches;
    this.listener = listener;
  }

  /**
   * How a run ended.
   *
   * @param epochs completed.
   * @param loss mean over the rows of the last epoch that had any steps; NaN where none had.
   * @param accuracy likewise, of the predictions made before each update; NaN for float targets.
   * @param reason why it ended before all epochs were done; null where it did not.
   */
  public record Result(int epochs, long steps, double loss, double accuracy, String reason) {
    /** Whether it ended before all epochs were done. */
    public boolean stopped() {
      return reason != null;
    }
  }

  /** Multiplies the rate that the plan has now by a factor for each of the plan's steps. */
  public Trainer schedule(final Schedule factors) {
    schedule = factors;
    learningRate = plan.learningRate();
    return this;
  }

  /** Scores other data after each epoch: its loss is what schedule and rules hear. */
  public Trainer validation(final EvaluatePlan others, final Batches rows) {
    scoring = others;
    validation = rows;
    return this;
  }

  /**
   * Copies the plan's moving averages of the weights to these parameters before each validation,
   * which is meant to score them, and at the end of the run.
   */
  public Trainer averages(final Parameters target) {
    averages = target;
    return this;
  }

  /** Ends the run, too, where one of these rules says so. */
  public Trainer stopping(final Stopping... others) {
    rules = others.clone();
    return this;
  }

  /** Ends the run after the step in progress. */
  public void stop() {
    stopped = true;
  }

  /**
   * Trains.
   *
   * @param epochs 1 or more.
   * @throws GradusException where the loss is no longer a finite number, naming the step and the
   *     first value that isn't; that step's update is not made.
   */
  public Result run(final int epochs) {
    if (epochs < 1) {
      throw GradusException.outOfRange("epochs", "1 or more", epochs);
    }
    for (final Stopping rule : rules) {
      rule.begin();
    }
    final boolean labels = plan.target().type().dtype() == DType.INT32;
    String reason = stopped ? STOPPED : null;
    double loss = Double.NaN;
    double accuracy = Double.NaN;
    int completed = 0;
    for (int epoch = 1; epoch <= epochs && reason == null; epoch++) {
      batches.startEpoch(epoch - 1);
      double lossSum = 0;
      long correct = 0;
      int seen = 0;
      boolean ended = false;
      while (reason == null && !ended) {
        final int rows = batches.next(plan.input(), plan.target());
        ended = rows == 0;
        if (!ended) {
          final float stepLoss = step(epoch, rows);
          lossSum += (double) stepLoss * rows;
          correct += labels ? Hits.count(plan.output(), plan.target(), rows) : 0;
          seen += rows;
          reason = afterStep(stepLoss);
        }
      }
      if (seen > 0) {
        loss = lossSum / seen;
        accuracy = labels ? (double) correct / Hits.labels(plan.output(), seen) : Double.NaN;
      }
      if (ended) {
        completed = epoch;
        reason = afterEpoch(epoch, loss, accuracy);
      }
    }
    copyAverages();
    for (final Stopping rule : rules) {
      rule.end();
    }
    return new Result(completed, plan.steps(), loss, accuracy, completed < epochs ? reason : null);
  }

  private void copyAverages() {
    if (averages != null) {
      plan.copyAverages(averages);
    }
  }

  private float step(final int epoch, final int rows) {
    if (schedule != null) {
      plan.learningRate(learningRate * schedule.factor(plan.steps()));
    }
    final long start = System.nanoTime();
    final float loss = plan.step(rows);
    final long nanos = System.nanoTime() - start;
    if (!Float.isFinite(loss)) {
      throw Divergence.at(plan, epoch, rows, loss);
    }
    listener.afterStep(epoch, plan.steps(), rows, loss, nanos);
    return loss;
  }

  private String afterStep(final float loss) {
    String reason = stopped ? STOPPED : null;
    for (final Stopping rule : rules) {
      final String why = rule.afterStep(plan.steps(), loss);
      reason = reason == null ? why : reason;
    }
    return reason;
  }

  private String afterEpoch(final int epoch, final double loss, final double accuracy) {
    listener.afterEpoch(epoch, loss, accuracy);
    double metric = loss;
    copyAverages();
    if (scoring != null) {
      final Evaluation score = Evaluation.of(scoring, validation);
      metric = score.loss();
      listener.afterValidation(epoch, score);
    }
    if (schedule != null) {
      schedule.hear(metric);
    }
    String reason = stopped ? STOPPED : null;
    for (final Stopping rule : rules) {
      final String why = rule.afterEpoch(epoch, loss, metric);
      reason = reason == null ? why : reason;
    }
    return reason;
  }
}
