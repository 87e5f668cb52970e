package dev.gradus.train;

import dev.gradus.memory.GradusException;

/** Ends a run that diverges: an epoch's training loss is many times that of the best epoch. */
public final class LossGrowth implements Stopping {
  private final double factor;
  private double best;

  /**
   * A limit.
   *
   * @param factor above 1.
   */
  public LossGrowth(final double factor) {
    if (!(factor > 1)) {
      throw GradusException.outOfRange("growth of the loss", "above 1", factor);
    }
    this.factor = factor;
  }

  @Override
  public void begin() {
    best = Double.POSITIVE_INFINITY;
  }

  @Override
  public String afterEpoch(final int epoch, final double loss, final double metric) {
    best = Math.min(best, loss);
    return best > 0 && loss > factor * best
        ? "diverged: loss " + loss + " of epoch " + epoch + " is over " + factor + " times " + best
        : null;
  }
}
