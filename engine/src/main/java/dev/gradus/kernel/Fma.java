package dev.gradus.kernel;

/**
 * {@code a * b + c} rounded once. Where the CPU has no instruction for it, as x86 before AVX2,
 * {@link Math#fma(float, float, float)} goes through {@code BigDecimal}: hundreds of nanoseconds,
 * and garbage. Here it then takes double precision and a few operations more, to the same bits.
 */
public final class Fma {
  /** An interpreted call takes 50 ns with the instruction, 2000 and more without. */
  private static final long SLOW_NS = 500;

  private static final boolean FAST = isFast();

  private Fma() {}

  public static float of(final float a, final float b, final float c) {
    return FAST ? Math.fma(a, b, c) : emulated(a, b, c);
  }

  /**
   * The product is exact in double precision. The sum is rounded to odd: where it is inexact, to
   * the neighbour whose last bit is 1, so that rounding it once more, to float32, is as good as
   * rounding the exact sum.
   *
   * <p>Source: Boldo and Melquiond, "Emulation of FMA and correctly rounded sums: proved algorithms
   * using rounding to odd", 2008; the error of the sum by Knuth's TwoSum.
   */
  static float emulated(final float a, final float b, final float c) {
    final double product = (double) a * b;
    final double sum = product + c;
    final double addend = sum - product;
    final double error = (product - (sum - addend)) + (c - addend);
    final long bits = Double.doubleToRawLongBits(sum);
    // 1 where the sum is further from 0 than the exact one.
    final long beyond = (bits ^ Double.doubleToRawLongBits(error)) >>> 63;
    final long odd = (bits - beyond) | 1;
    return (float) Double.longBitsToDouble(Math.abs(error) > 0 ? odd : bits);
  }

  /** Times a few calls; whatever comes out, the bits are the same. */
  private static boolean isFast() {
    long best = Long.MAX_VALUE;
    float value = 1.1f;
    for (int i = 0; i < 20; i++) {
      final long start = System.nanoTime();
      value = Math.fma(value, 0.9f, 0.3f);
      best = Math.min(best, System.nanoTime() - start);
    }
    return best < SLOW_NS && value > 0;
  }
}
