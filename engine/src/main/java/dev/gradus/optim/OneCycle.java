package dev.gradus.optim;

import dev.gradus.memory.GradusException;

/**
 * Half a cosine up from {@code 1 / startDivisor} to 1 over a share of the run, then half a cosine
 * down to {@code 1 / (startDivisor * endDivisor)}. As PyTorch's {@code OneCycleLR} with two phases,
 * the optimizer's rate in place of {@code max_lr}.
 *
 * <p>Source: Smith and Topin 2018.
 *
 * @param length steps of the run, 2 or more.
 * @param rise share of the run, above 0, below 1, in which the rate rises; 0.3 is usual.
 * @param startDivisor above 0; 25 is usual.
 * @param endDivisor above 0; 10,000 is usual.
 */
public record OneCycle(long length, double rise, double startDivisor, double endDivisor)
    implements Schedule {
  public OneCycle {
    Settings.requireSteps("length of one_cycle", length);
    if (!(rise > 0 && rise < 1 && rise * length > 1)) {
      throw GradusException.outOfRange(
          "rise of one_cycle", "below 1, and more than one of " + length + " steps", rise);
    }
    if (!(startDivisor > 0 && endDivisor > 0)) {
      throw GradusException.outOfRange(
          "divisors of one_cycle", "above 0", startDivisor + " and " + endDivisor);
    }
  }

  /** A rise of 0.3, divisors 25 and 10,000. */
  public OneCycle(final long length) {
    this(length, 0.3, 25, 1e4);
  }

  @Override
  public double factor(final long steps) {
    final double peak = rise * length - 1; // the first step is 0, the last length - 1
    final double start = 1 / startDivisor;
    final double end = start / endDivisor;
    if (steps >= length - 1) {
      return end;
    }
    return steps <= peak
        ? Cosine.between(start, 1, steps / peak)
        : Cosine.between(1, end, (steps - peak) / (length - 1 - peak));
  }
}
