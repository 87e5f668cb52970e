package dev.gradus.train;

import dev.gradus.memory.GradusException;

/** What full-batch methods share: checks of their settings, and reasons to end. */
final class Settings {
  static final String FLAT = "gradient within its tolerance";
  static final String LOWEST = "no lower loss along the gradient";
  static final String ITERATIONS = "all iterations made";

  private Settings() {}

  static void requireTolerance(final double tolerance) {
    if (!(tolerance >= 0)) {
      throw GradusException.outOfRange("tolerance of the gradient", "0 or more", tolerance);
    }
  }

  static void requirePositive(final String what, final double value) {
    if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
      throw GradusException.outOfRange(what, "a finite number above 0", value);
    }
  }
}
