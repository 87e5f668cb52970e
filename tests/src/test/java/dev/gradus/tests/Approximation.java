package dev.gradus.tests;

import java.util.List;

/**
 * A number in double precision and how far its float32 counterpart may be off, in units of {@link
 * RealTensor#ROUNDING}: what a chain of operations makes of its roundings, to first order.
 */
record Approximation(double value, double error) {
  static final Approximation ZERO = exact(0);

  /** A polynomial for exp and a quotient: a few roundings relative to the result. */
  private static final double FUNCTION_ERROR = 16;

  static Approximation exact(final double value) {
    return new Approximation(value, 0);
  }

  Approximation plus(final Approximation other) {
    final double sum = value + other.value;
    return new Approximation(sum, error + other.error + Math.abs(sum));
  }

  Approximation minus(final Approximation other) {
    return plus(new Approximation(-other.value, other.error));
  }

  Approximation times(final Approximation other) {
    final double product = value * other.value;
    return new Approximation(
        product, Math.abs(value) * other.error + Math.abs(other.value) * error + Math.abs(product));
  }

  /** A sum of products in whatever order: one rounding of all magnitudes for each term. */
  static Approximation dot(final List<Approximation> a, final List<Approximation> b) {
    double sum = 0;
    double magnitude = 0;
    double carried = 0;
    for (int i = 0; i < a.size(); i++) {
      sum += a.get(i).value * b.get(i).value;
      magnitude += Math.abs(a.get(i).value * b.get(i).value);
      carried +=
          Math.abs(a.get(i).value) * b.get(i).error + Math.abs(b.get(i).value) * a.get(i).error;
    }
    return new Approximation(sum, carried + (a.size() + 2) * magnitude);
  }

  /** No steeper than a quarter. */
  Approximation sigmoid() {
    final double y = 1 / (1 + Math.exp(-value));
    return new Approximation(y, error / 4 + FUNCTION_ERROR * y);
  }

  /** No steeper than 1. */
  Approximation tanh() {
    final double y = Math.tanh(value);
    return new Approximation(y, error + FUNCTION_ERROR * Math.abs(y));
  }

  Approximation relu() {
    return new Approximation(Math.max(value, 0), error);
  }
}
