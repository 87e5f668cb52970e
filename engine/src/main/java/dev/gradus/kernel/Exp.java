package dev.gradus.kernel;

import dev.gradus.memory.OffHeap;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@code exp(x)} in float32 for {@code x <= 0}, NaN for NaN. {@code VectorOperators.EXP} takes
 * other routes, with other bits, before and after compilation.
 *
 * <ul>
 *   <li>{@code n} is the integer nearest to {@code x / ln 2}. Adding 1.5 * 2^23 leaves it in the
 *       low bits of the sum, with the bias of float32's exponent and 64 already added.
 *   <li>{@code r = x - n * ln 2}, with ln 2 in two parts of which the first has zeros enough for an
 *       exact product.
 *   <li>{@code exp(r) = 1 + r + ...}, a polynomial of degree 6 with relative error 3.1e-9 on |r| <=
 *       ln(2) / 2.
 *   <li>{@code 2^(n+64)} by shifting {@code n + 64} into the exponent; a product with 2^-64 then
 *       rounds once, into subnormals and 0 too.
 * </ul>
 */
final class Exp {
  static final float LOG2_E = 0x1.715476p0f;
  static final float LN2_HIGH = 0x1.62e4p-1f;
  static final float LN2_LOW = 0x1.7f7d1cp-20f;

  // exp(-104) rounds to 0.
  static final float LOWEST = -104f;

  static final float ROUND = 0x1.8p23f + 127 + 64;
  static final float BACK = 0x1p-64f;

  /** {@link #ROUND} for powers that need no scaling, and where {@code exp(x) - 1} rounds to -1. */
  static final float PLAIN_ROUND = 0x1.8p23f + 127;

  static final float LOWEST_MINUS_1 = -20f;

  static final int EXPONENT_SHIFT = 23;

  static final float C2 = 0x1.fffffcp-2f;
  static final float C3 = 0x1.555492p-3f;
  static final float C4 = 0x1.5558b2p-5f;
  static final float C5 = 0x1.12399p-7f;
  static final float C6 = 0x1.6a4aa6p-10f;

  private Exp() {}

  /** One value, in scalar code. */
  static float of(final float x) {
    return scaled(x < LOWEST ? LOWEST : x, 0f) * BACK;
  }

  /**
   * {@code exp(x + low) * 2^64} in scalar code: what is computed further is rounded into the
   * subnormals once, with the last product.
   *
   * @param x from -112 to 0.
   * @param low what the rounding of x lost.
   */
  static float scaled(final float x, final float low) {
    final float biased = Fma.of(x, LOG2_E, ROUND);
    final float n = biased - ROUND;
    final float r = Fma.of(n, -LN2_LOW, Fma.of(n, -LN2_HIGH, x)) + low;
    float p = Fma.of(r, C6, C5);
    p = Fma.of(p, r, C4);
    p = Fma.of(p, r, C3);
    p = Fma.of(p, r, C2);
    p = Fma.of(p, r, 1f);
    p = Fma.of(p, r, 1f);
    final float scale = Float.intBitsToFloat(Float.floatToRawIntBits(biased) << EXPONENT_SHIFT);
    return p * scale;
  }

  /**
   * {@code exp(x) - 1} for {@code x <= 0}, in scalar code: {@code (exp(r) - 1) * 2^n + (2^n - 1)},
   * which keeps its precision near 0.
   */
  static float minus1(final float x) {
    final float c = x < LOWEST_MINUS_1 ? LOWEST_MINUS_1 : x;
    final float biased = Fma.of(c, LOG2_E, PLAIN_ROUND);
    final float n = biased - PLAIN_ROUND;
    final float r = Fma.of(n, -LN2_LOW, Fma.of(n, -LN2_HIGH, c));
    float p = Fma.of(r, C6, C5);
    p = Fma.of(p, r, C4);
    p = Fma.of(p, r, C3);
    p = Fma.of(p, r, C2);
    p = Fma.of(p, r * r, r);
    final float scale = Float.intBitsToFloat(Float.floatToRawIntBits(biased) << EXPONENT_SHIFT);
    return Fma.of(p, scale, scale - 1f);
  }

  static final class Vector {
    private static final VectorSpecies<Float> F = Lanes.F;
    private static final MemorySegment ALL = OffHeap.ALL;
    private static final ByteOrder ORDER = Lanes.ORDER;

    private Vector() {}

    /** {@code y = exp(x)}. {@code y} may be {@code x}. */
    static void run(final long x, final long y, final long count) {
      final long whole = F.loopBound(count);
      final VectorMask<Float> tail = F.indexInRange(whole, count);
      for (long i = 0; i < count; i += Lanes.COUNT) {
        final boolean full = i < whole;
        final FloatVector v =
            full
                ? FloatVector.fromMemorySegment(F, ALL, x + i * Float.BYTES, ORDER)
                : FloatVector.fromMemorySegment(F, ALL, x + i * Float.BYTES, ORDER, tail);
        final FloatVector c = v.blend(LOWEST, v.compare(VectorOperators.LT, LOWEST));
        final FloatVector biased =
            c.fma(FloatVector.broadcast(F, LOG2_E), FloatVector.broadcast(F, ROUND));
        final FloatVector n = biased.sub(ROUND);
        FloatVector r = n.fma(FloatVector.broadcast(F, -LN2_HIGH), c);
        r = n.fma(FloatVector.broadcast(F, -LN2_LOW), r);
        FloatVector p = r.fma(FloatVector.broadcast(F, C6), FloatVector.broadcast(F, C5));
        p = p.fma(r, FloatVector.broadcast(F, C4));
        p = p.fma(r, FloatVector.broadcast(F, C3));
        p = p.fma(r, FloatVector.broadcast(F, C2));
        p = p.fma(r, FloatVector.broadcast(F, 1f));
        p = p.fma(r, FloatVector.broadcast(F, 1f));
        final FloatVector scale =
            biased
                .reinterpretAsInts()
                .lanewise(VectorOperators.LSHL, EXPONENT_SHIFT)
                .reinterpretAsFloats();
        final FloatVector result = p.mul(scale).mul(BACK);
        if (full) {
          result.intoMemorySegment(ALL, y + i * Float.BYTES, ORDER);
        } else {
          result.intoMemorySegment(ALL, y + i * Float.BYTES, ORDER, tail);
        }
      }
    }
  }

  static final class Scalar {
    private Scalar() {}

    /** {@code y = exp(x)}. {@code y} may be {@code x}. */
    static void run(final long x, final long y, final long count) {
      for (long i = 0; i < count; i++) {
        OffHeap.setFloat(y + i * Float.BYTES, of(OffHeap.getFloat(x + i * Float.BYTES)));
      }
    }
  }
}
