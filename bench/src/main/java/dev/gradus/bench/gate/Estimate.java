package dev.gradus.bench.gate;

import java.util.Arrays;

/**
 * The median of a few ratios and an interval around it that holds the true median with at least 92
 * % confidence, or with as much as so few allow (4 of them: 88 %). The interval goes from one of
 * the sorted ratios to its mirror image, which needs no assumption of how noise is distributed: a
 * fork that was disturbed widens the interval at one end, and does not move the median.
 *
 * <p>Source: the sign test's confidence interval (Conover, Practical Nonparametric Statistics).
 *
 * @param forks how many ratios there were.
 */
public record Estimate(double median, double low, double high, int forks) {
  private static final double CONFIDENCE = 0.92;

  /**
   * From ratios in any order.
   *
   * @param ratios at least one.
   */
  static Estimate of(final double... ratios) {
    final double[] sorted = ratios.clone();
    Arrays.sort(sorted);
    final int n = sorted.length;
    final int outside = outside(n);
    final double median = (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
    return new Estimate(median, sorted[outside], sorted[n - 1 - outside], n);
  }

  /** How many of the sorted ratios may be left out at each end. */
  private static int outside(final int n) {
    double tail = Math.pow(0.5, n); // P(no ratio below the median)
    double cumulated = 0;
    int left = 0;
    for (int i = 0; i < n / 2; i++) {
      cumulated += tail;
      if (2 * cumulated > 1 - CONFIDENCE) {
        break;
      }
      left = i;
      tail = tail * (n - i) / (i + 1);
    }
    return left;
  }

  /**
   * Whether this is worse, that is greater, than another: by more than the margin, and with
   * intervals that are apart.
   *
   * @param margin 0.1 for 10 %.
   */
  public boolean isWorseThan(final Estimate other, final double margin) {
    return low > other.high && median > other.median * (1 + margin);
  }
}
