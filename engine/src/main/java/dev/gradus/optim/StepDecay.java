package dev.gradus.optim;

/**
 * {@code gamma^floor(t / every)}. As PyTorch's {@code StepLR}.
 *
 * @param every steps between two falls, 1 or more.
 * @param gamma 0 or more; 0.1 is usual.
 */
public record StepDecay(long every, double gamma) implements Schedule {
  public StepDecay {
    Settings.requireSteps("steps between falls of step", every);
    Settings.requireNotNegative("gamma of step", gamma);
  }

  @Override
  public double factor(final long steps) {
    return Settings.power(gamma, steps / every);
  }
}
