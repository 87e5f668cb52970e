package dev.gradus.optim;

import dev.gradus.memory.GradusException;

/** Checks of the settings that optimizers share. */
final class Settings {
  /** The first left out, at x = -1/2, is 1e-19. */
  private static final int EXP_TERMS = 14;

  private Settings() {}

  static void requireRate(final double learningRate) {
    if (!(learningRate > 0 && learningRate <= Float.MAX_VALUE)) {
      throw GradusException.outOfRange("learning rate", "a finite float32 above 0", learningRate);
    }
  }

  static void requireNotNegative(final String name, final double value) {
    if (!(value >= 0 && value <= Float.MAX_VALUE)) {
      throw GradusException.outOfRange(name, "a finite float32 of 0 or more", value);
    }
  }

  static void requireSteps(final String name, final long steps) {
    if (steps < 1) {
      throw GradusException.outOfRange(name, "1 or more", steps);
    }
  }

  static void requireFraction(final String name, final double value) {
    if (!(value >= 0 && value < 1)) {
      throw GradusException.outOfRange(name, "0 or more, below 1", value);
    }
  }

  /**
   * {@code base} to a whole power of 0 or more, by repeated squaring. {@code StrictMath.pow} makes
   * garbage in each call.
   */
  static double power(final double base, final long exponent) {
    double result = 1;
    double square = base;
    for (long left = exponent; left > 0; left >>= 1) {
      if ((left & 1) == 1) {
        result *= square;
      }
      square *= square;
    }
    return result;
  }

  /**
   * {@code e^x} for x of 0 or below, to a few units in the last place: the series for x / 2^k, then
   * k squarings.
   */
  static double exp(final double x) {
    double small = x;
    int squarings = 0;
    while (small < -0.5) {
      small *= 0.5;
      squarings++;
    }
    double sum = 1;
    double term = 1;
    for (int n = 1; n <= EXP_TERMS; n++) {
      term *= small / n;
      sum += term;
    }
    for (int i = 0; i < squarings; i++) {
      sum *= sum;
    }
    return sum;
  }
}
