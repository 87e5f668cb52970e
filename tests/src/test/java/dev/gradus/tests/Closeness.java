package dev.gradus.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.List;

/** Whether the results of a whole plan are as near to the exact ones as float32 allows. */
final class Closeness {
  /**
   * Runs of the noisy interpreter to compare with: one alone is small by luck where a tensor has
   * few elements.
   */
  static final int SAMPLES = 4;

  /** How much farther than the farthest of these a plan may stray. */
  private static final double FACTOR = 4;

  private Closeness() {}

  /**
   * Fails where a value is too far off. The tolerance is that of the whole tensor: errors of single
   * elements are a matter of luck.
   *
   * @param noisy the same tensor computed with every op's float32 error bound drawn at random,
   *     {@link #SAMPLES} times.
   */
  static void assertClose(
      final RealTensor exact,
      final List<RealTensor> noisy,
      final float[] actual,
      final String what) {
    assertEquals(SAMPLES, noisy.size(), what);
    assertEquals(exact.length(), actual.length, what);
    double stray = RealTensor.ROUNDING * exact.norm();
    for (int i = 0; i < actual.length; i++) {
      for (final RealTensor sample : noisy) {
        stray = Math.max(stray, Math.abs(sample.at(i) - exact.at(i)));
      }
    }
    for (int i = 0; i < actual.length; i++) {
      if (!(Math.abs(actual[i] - exact.at(i)) <= FACTOR * stray + Float.MIN_NORMAL)) {
        fail(
            what
                + ": at "
                + i
                + " expected="
                + exact.at(i)
                + " within "
                + FACTOR * stray
                + ", actual="
                + actual[i]);
      }
    }
  }
}
