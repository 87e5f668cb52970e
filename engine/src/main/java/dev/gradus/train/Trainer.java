package dev.gradus.train;

import dev.gradus.data.Batches;
import dev.gradus.memory.DType;
import dev.gradus.memory.GradusException;
import dev.gradus.plan.TrainPlan;

/**
 * The training loop: batches through a plan, epoch by epoch. Its own work allocates nothing. {@link
 * #stop} may be called from any thread.
 */
public final class Trainer {
  private final TrainPlan plan;
  private final Batches batches;
  private final TrainListener listener;
  private volatile boolean stopped;

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
   * @param stopped whether {@link #stop} ended it.
   */
  public record Result(int epochs, long steps, double loss, double accuracy, boolean stopped) {}

  /** Ends the run after the step in progress. */
  public void stop() {
    stopped = true;
  }

  /**
   * Trains.
   *
   * @param epochs 1 or more.
   * @throws GradusException where the loss is no longer a finite number, naming the step.
   */
  public Result run(final int epochs) {
    if (epochs < 1) {
      throw GradusException.outOfRange("epochs", "1 or more", epochs);
    }
    final boolean labels = plan.target().type().dtype() == DType.INT32;
    double loss = Double.NaN;
    double accuracy = Double.NaN;
    int completed = 0;
    for (int epoch = 1; epoch <= epochs && !stopped; epoch++) {
      batches.startEpoch(epoch - 1);
      double lossSum = 0;
      long correct = 0;
      int seen = 0;
      boolean ended = false;
      while (!stopped && !ended) {
        final int rows = batches.next(plan.input(), plan.target());
        ended = rows == 0;
        if (!ended) {
          lossSum += (double) step(epoch, rows) * rows;
          correct += labels ? Hits.count(plan.output(), plan.target(), rows) : 0;
          seen += rows;
        }
      }
      if (seen > 0) {
        loss = lossSum / seen;
        accuracy = labels ? (double) correct / Hits.labels(plan.output(), seen) : Double.NaN;
      }
      if (ended) {
        completed = epoch;
        listener.afterEpoch(epoch, loss, accuracy);
      }
    }
    return new Result(completed, plan.steps(), loss, accuracy, stopped);
  }

  private float step(final int epoch, final int rows) {
    final long start = System.nanoTime();
    final float loss = plan.step(rows);
    final long nanos = System.nanoTime() - start;
    if (!Float.isFinite(loss)) {
      throw Divergence.at(plan.steps(), epoch, loss);
    }
    listener.afterStep(epoch, plan.steps(), rows, loss, nanos);
    return loss;
  }
}
