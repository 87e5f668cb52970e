package dev.gradus.optim;

/**
 * {@code gamma^t}. As PyTorch's {@code ExponentialLR}.
 *
 * @param gamma of each step, 0 or more; slightly below 1 is usual.
 */
public record Exponential(double gamma) implements Schedule {
  public Exponential {
    Settings.requireNotNegative("gamma of exponential", gamma);
  }

  @Override
  public double factor(final long steps) {
    return Settings.power(gamma, steps);
  }
}
