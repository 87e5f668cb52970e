package dev.gradus.optim;

/**
 * {@code end + (1 - end) * (1 - t / length)^power}, then {@code end}. As PyTorch's {@code
 * PolynomialLR}.
 *
 * <p>{@code Math.pow} is within one unit in the last place and, unlike {@code StrictMath}'s, makes
 * no garbage.
 *
 * @param length steps until the end is reached, 1 or more.
 * @param power 0 or more; 1 is a straight line.
 */
public record PolynomialDecay(long length, double power, double end) implements Schedule {
  public PolynomialDecay {
    Settings.requireSteps("length of polynomial", length);
    Settings.requireNotNegative("power of polynomial", power);
    Settings.requireNotNegative("end of polynomial", end);
  }

  @Override
  public double factor(final long steps) {
    return steps >= length ? end : end + (1 - end) * Math.pow(1 - (double) steps / length, power);
  }
}
