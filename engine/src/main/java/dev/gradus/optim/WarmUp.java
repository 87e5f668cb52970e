package dev.gradus.optim;

/**
 * Rises in a straight line, {@code (t + 1) / length}: no step is lost to a rate of 0, and the last
 * has the full rate.
 *
 * <p>Source: Goyal et al. 2017, "gradual warmup".
 *
 * @param length steps, 1 or more.
 */
public record WarmUp(long length) implements Schedule {
  public WarmUp {
    Settings.requireSteps("length of warmup", length);
  }

  @Override
  public double factor(final long steps) {
    return steps >= length ? 1 : (steps + 1.0) / length;
  }
}
