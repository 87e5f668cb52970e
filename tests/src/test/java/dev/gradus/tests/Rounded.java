package dev.gradus.tests;

/**
 * Real arithmetic that keeps account of how far float32 arithmetic may stray from it, to first
 * order.
 *
 * @param bound in units of {@link RealTensor#ROUNDING}.
 */
record Rounded(double value, double bound) {
  /** A number that float32 holds as it is. */
  static Rounded exact(final double value) {
    return new Rounded(value, 0);
  }

  /** A number that float32 rounds. */
  static Rounded of(final double value) {
    return new Rounded(value, Math.abs(value));
  }

  Rounded plus(final Rounded other) {
    final double sum = value + other.value;
    return new Rounded(sum, bound + other.bound + Math.abs(sum));
  }

  Rounded minus(final Rounded other) {
    return plus(new Rounded(-other.value, other.bound));
  }

  Rounded times(final Rounded other) {
    final double product = value * other.value;
    return new Rounded(
        product, Math.abs(value) * other.bound + Math.abs(other.value) * bound + Math.abs(product));
  }

  Rounded times(final double factor) {
    return times(of(factor));
  }

  Rounded over(final Rounded other) {
    final double quotient = value / other.value;
    return new Rounded(
        quotient,
        (bound + Math.abs(quotient) * other.bound) / Math.abs(other.value) + Math.abs(quotient));
  }

  Rounded sqrt() {
    final double root = Math.sqrt(value);
    return new Rounded(root, root == 0 ? 0 : bound / (2 * root) + root);
  }

  Rounded abs() {
    return new Rounded(Math.abs(value), bound);
  }

  Rounded max(final Rounded other) {
    return new Rounded(Math.max(value, other.value), Math.max(bound, other.bound));
  }
}
