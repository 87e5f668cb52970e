package dev.gradus.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.SplittableRandom;

/** What the tests of kernels share: awkward sizes and values, and a run in both modes. */
final class Kernels {
  /** One, around 8 and 16 lanes, around blocks of both, primes, more than a leaf of a sum. */
  static final int[] COUNTS = {1, 2, 7, 8, 9, 10, 15, 16, 17, 31, 32, 33, 97, 1031};

  /** Bytes past a 64-byte boundary. */
  static final int[] MISALIGNMENTS = {0, 4, 28};

  /** Half the distance from 1 to the next float. */
  static final double EPSILON = 0x1p-24;

  private static final float[] SPECIAL = {
    0f,
    -0f,
    1f,
    -1f,
    0.5f,
    -0.5f,
    Float.MIN_VALUE,
    -Float.MIN_VALUE,
    Float.MIN_NORMAL,
    -Float.MIN_NORMAL,
    Float.MAX_VALUE,
    -Float.MAX_VALUE,
    Float.POSITIVE_INFINITY,
    Float.NEGATIVE_INFINITY,
    Float.NaN,
    1e-20f,
    -1e-20f,
    9.01f,
    -9.01f,
    10f,
    -10f,
    20f,
    -20f,
    87.33f,
    -87.33f,
    88.72f,
    -88.72f,
    103.9f,
    -103.9f,
    104.1f,
    -104.1f,
    1e6f,
    -1e6f
  };

  private Kernels() {}

  /** A kernel in one mode, on buffers at these addresses. */
  interface Run {
    void run(KernelMode mode, long[] at);
  }

  /**
   * Runs in both modes, each on its own guarded copy of the buffers, and requires of both the same
   * bits, any NaN being as good as another.
   *
   * @return the buffers after the run.
   */
  static float[][] run(
      final String what, final int misalignment, final Run kernel, final float[]... buffers) {
    final float[][] scalar = run(KernelMode.SCALAR, what, misalignment, kernel, buffers);
    final float[][] vector = run(KernelMode.VECTOR, what, misalignment, kernel, buffers);
    for (int b = 0; b < buffers.length; b++) {
      assertSameBits(scalar[b], vector[b], what + " buffer " + b);
    }
    return vector;
  }

  private static float[][] run(
      final KernelMode mode,
      final String what,
      final int misalignment,
      final Run kernel,
      final float[]... buffers) {
    try (Arena arena = Arena.ofConfined()) {
      final GuardedBuffer[] guarded = new GuardedBuffer[buffers.length];
      final long[] at = new long[buffers.length];
      for (int b = 0; b < buffers.length; b++) {
        guarded[b] = new GuardedBuffer(arena, buffers[b], misalignment);
        at[b] = guarded[b].address();
      }
      kernel.run(mode, at);
      final float[][] after = new float[buffers.length][];
      for (int b = 0; b < buffers.length; b++) {
        after[b] = guarded[b].values(mode + " " + what + " buffer " + b);
      }
      return after;
    }
  }

  static void assertSameBits(final float[] expected, final float[] actual, final String what) {
    for (int i = 0; i < expected.length; i++) {
      final String at = what + " at " + i + ": " + expected[i] + " and " + actual[i];
      assertEquals(Float.floatToIntBits(expected[i]), Float.floatToIntBits(actual[i]), at);
    }
  }

  /** Requires a value that differs from the exact one by no more than {@code tolerance}. */
  static void assertClose(
      final double expected, final float actual, final double tolerance, final String what) {
    if (Double.isNaN(expected) || Double.isInfinite(expected)) {
      assertEquals((float) expected, actual, what);
    } else {
      assertTrue(
          Math.abs(expected - actual) <= tolerance,
          () -> what + ": expected=" + expected + " +- " + tolerance + ", actual=" + actual);
    }
  }

  /** The additions that an element of a row takes part in, at most, see {@link Lanes}. */
  static int additions(final int count) {
    return count / 16 + 4 + 15;
  }

  /** The distance from the exact value in units of the last place of the float nearest to it. */
  static double ulps(final double expected, final float actual) {
    final float nearest = (float) expected;
    if (Float.isNaN(nearest) || Float.isInfinite(nearest) || Float.isInfinite(actual)) {
      return Float.compare(nearest, actual) == 0 ? 0 : Double.POSITIVE_INFINITY;
    }
    return Math.abs(expected - actual) / Math.ulp(nearest);
  }

  /** Normally distributed values. */
  static float[] normal(final long seed, final int count, final double deviation) {
    final SplittableRandom random = new SplittableRandom(seed);
    final float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (random.nextGaussian() * deviation);
    }
    return values;
  }

  /** Special values, then random bits: all exponents, infinities and NaN among them. */
  static float[] strange(final long seed, final int count) {
    final SplittableRandom random = new SplittableRandom(seed);
    final float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = i < SPECIAL.length ? SPECIAL[i] : Float.intBitsToFloat(random.nextInt());
    }
    return values;
  }

  /** What an output holds before it is written. */
  static float[] poison(final int count) {
    final float[] values = new float[count];
    Arrays.fill(values, Float.NaN);
    return values;
  }

  /** Class indices as the floats of the same bits. */
  static float[] labels(final long seed, final int count, final int classes) {
    final SplittableRandom random = new SplittableRandom(seed);
    final float[] labels = new float[count];
    for (int i = 0; i < count; i++) {
      labels[i] = Float.intBitsToFloat(random.nextInt(classes));
    }
    return labels;
  }

  /** The class index that a float of {@link #labels} stands for. */
  static int label(final float value) {
    return Float.floatToRawIntBits(value);
  }
}
