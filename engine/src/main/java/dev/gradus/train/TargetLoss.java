package dev.gradus.train;

import dev.gradus.memory.GradusException;

/** Ends a run with the first epoch whose metric is as low as wanted. */
public final class TargetLoss implements Stopping {
  private final double target;

  /**
   * A target for the validation loss, or the training loss where there is no validation.
   *
   * @param target finite.
   */
  public TargetLoss(final double target) {
    if (!Double.isFinite(target)) {
      throw GradusException.outOfRange("target loss", "a finite number", target);
    }
    this.target = target;
  }

  @Override
  public String afterEpoch(final int epoch, final double loss, final double metric) {
    return metric <= target
        ? "loss " + metric + " is at the target of " + target + " after epoch " + epoch
        : null;
  }
}
