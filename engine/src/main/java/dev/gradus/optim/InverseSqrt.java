package dev.gradus.optim;

/**
 * {@code min(t / warmUp, sqrt(warmUp / t))} with t from 1: up to the full rate in a straight line,
 * then down with the root of the number of steps.
 *
 * <p>Source: Vaswani et al. 2017, section 5.3, scaled so that the peak is 1.
 *
 * @param warmUp steps, 1 or more.
 */
public record InverseSqrt(long warmUp) implements Schedule {
  public InverseSqrt {
    Settings.requireSteps("warm-up of inverse_sqrt", warmUp);
  }

  @Override
  public double factor(final long steps) {
    final double t = steps + 1.0;
    return t < warmUp ? t / warmUp : Math.sqrt(warmUp / t);
  }
}
