package dev.gradus.train;

import dev.gradus.memory.GradusException;
import dev.gradus.nn.Network;
import dev.gradus.plan.Engine;
import dev.gradus.plan.Parameters;

/**
 * Ends a run whose metric has not fallen for some epochs, and restores the weights of the best one
 * at the end of the run, whatever ended it. Keeps a copy of the weights.
 *
 * <p>Source: Prechelt 1998, "Early Stopping - But When?".
 */
public final class EarlyStopping implements Stopping, AutoCloseable {
  private final Parameters parameters;
  private final Parameters copy;
  private final int patience;
  private final double leastFall;
  private double best;
  private int bestEpoch;

  /**
   * Watches parameters.
   *
   * @param network theirs.
   * @param patience epochs without a fall, 1 or more.
   * @param leastFall by which the metric must be below the best one to count, 0 or more.
   */
  public EarlyStopping(
      final Engine engine,
      final Network network,
      final Parameters parameters,
      final int patience,
      final double leastFall) {
    if (patience < 1) {
      throw GradusException.outOfRange("patience", "1 or more", patience);
    }
    if (!(leastFall >= 0 && leastFall < Double.POSITIVE_INFINITY)) {
      throw GradusException.outOfRange("least fall of the metric", "0 or more", leastFall);
    }
    this.parameters = parameters;
    this.patience = patience;
    this.leastFall = leastFall;
    this.copy = Parameters.zeros(engine, network);
  }

  /** The epoch whose weights are kept; 0 where there is none yet. */
  public int bestEpoch() {
    return bestEpoch;
  }

  /** Its metric. */
  public double best() {
    return best;
  }

  @Override
  public void begin() {
    best = Double.POSITIVE_INFINITY;
    bestEpoch = 0;
  }

  @Override
  public String afterEpoch(final int epoch, final double loss, final double metric) {
    if (metric < best - leastFall) {
      best = metric;
      bestEpoch = epoch;
      copy.copyFrom(parameters);
    }
    return epoch - bestEpoch < patience
        ? null
        : "loss has not fallen for " + patience + " epochs; the best is of epoch " + bestEpoch;
  }

  @Override
  public void end() {
    if (bestEpoch > 0) {
      parameters.copyFrom(copy);
    }
  }

  /** Frees the copy. */
  @Override
  public void close() {
    copy.close();
  }
}
