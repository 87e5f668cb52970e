package dev.gradus.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** The exponential and the logarithm that other kernels are built from. */
final class ExpTest {
  private static final long SEED = 271828;

  @Test
  void shouldBePreciseForAllNegativeFloats() {
    // Every 4099th; the largest error found over almost all is 0.88 ulp.
    for (long bits = Integer.MIN_VALUE; bits < 0; bits += 4099) {
      final float x = Float.intBitsToFloat((int) bits);
      final double expected = Math.exp(x);
      final float actual = Exp.of(x);
      assertTrue(
          Kernels.ulps(expected, actual) <= 1,
          () -> "exp(" + x + "): expected=" + expected + ", actual=" + actual);
    }
  }

  @Test
  void shouldBeOneAtZero() {
    assertEquals(1f, Exp.of(0f));
    assertEquals(1f, Exp.of(-0f));
  }

  @Test
  void shouldGiveTheSameBitsInBothModes() {
    for (final int count : Kernels.COUNTS) {
      final float[] x = Kernels.strange(SEED + count, 40 + count);
      for (int i = 0; i < x.length; i++) {
        x[i] = -Math.abs(x[i]);
      }
      Kernels.run(
          "exp, seed " + SEED + " count " + count,
          4,
          (mode, at) -> run(mode, at[0], at[1], x.length),
          x,
          Kernels.poison(x.length));
    }
  }

  private static void run(final KernelMode mode, final long x, final long y, final long count) {
    if (mode == KernelMode.VECTOR) {
      Exp.Vector.run(x, y, count);
    } else {
      Exp.Scalar.run(x, y, count);
    }
  }

  @Test
  void shouldTakeLogarithmsOfAllFloats() {
    // Correctly rounded but for ties of the double result; 0.5002 was found.
    for (long bits = Integer.MIN_VALUE; bits <= Integer.MAX_VALUE; bits += 4099) {
      final float x = Float.intBitsToFloat((int) bits);
      final double expected = Math.log(x);
      final float actual = Log.of(x);
      assertTrue(
          Kernels.ulps(expected, actual) <= 0.51,
          () -> "log(" + x + "): expected=" + expected + ", actual=" + actual);
    }
    assertEquals(0f, Log.of(1f));
    assertEquals(Float.NEGATIVE_INFINITY, Log.of(0f));
    assertEquals(Float.POSITIVE_INFINITY, Log.of(Float.POSITIVE_INFINITY));
    assertEquals(Float.NaN, Log.of(Float.NaN));
    assertEquals(Float.NaN, Log.of(-1f));
  }
}
