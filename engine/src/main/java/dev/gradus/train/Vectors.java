package dev.gradus.train;

/** Sums over vectors of doubles, from the first element to the last. */
final class Vectors {
  private Vectors() {}

  static double dot(final double[] a, final double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  /** {@code a += factor * b}. */
  static void add(final double[] a, final double factor, final double[] b) {
    for (int i = 0; i < a.length; i++) {
      a[i] += factor * b[i];
    }
  }

  /** The largest absolute value; NaN where one is. */
  static double largest(final double[] a) {
    double largest = 0;
    for (final double value : a) {
      largest = Math.max(largest, Math.abs(value));
    }
    return largest;
  }
}
