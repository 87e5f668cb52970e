package dev.gradus.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * {@code exp(x)} in float32. {@code VectorOperators.EXP} takes other routes, with other bits,
 * before and after compilation.
 *
 * <ul>
 *   <li>{@code n} is the integer nearest to {@code x / ln 2}. Adding 1.5 * 2^23 leaves it in the
 *       low bits of the sum, with the bias of float32's exponent already added.
 *   <li>{@code r = x - n * ln 2}, with ln 2 in two parts of which the first has zeros enough for an
 *       exact product.
 *   <li>{@code exp(r) = 1 + r + ...}, a polynomial of degree 6 with relative error 3.1e-9 on |r| <=
 *       ln(2) / 2.
 *   <li>{@code 2^n} by shifting {@code n} into the exponent. The range of exponents is wider than
 *       float32 has, so the shift makes {@code 2^(n-64)} for positive x and {@code 2^(n+64)}
 *       otherwise; a second product sets that right and rounds once into subnormals, 0 or infinity.
 * </ul>
 */
final class Exp {
  private static final float LOG2_E = 0x1.715476p0f;
  private static final float LN2_HIGH = 0x1.62e4p-1f;
  private static final float LN2_LOW = 0x1.7f7d1cp-20f;

  // exp(104) is infinite, exp(-104) rounds to 0.
  private static final float HIGHEST = 104f;
  private static final float LOWEST = -104f;

  private static final float ROUND_UP = 0x1.8p23f + 127 - 64;
  private static final float ROUND_DOWN = 0x1.8p23f + 127 + 64;
  private static final float BACK_UP = 0x1p64f;
  private static final float BACK_DOWN = 0x1p-64f;
  private static final int EXPONENT_SHIFT = 23;

  private static final float C2 = 0x1.fffffcp-2f;
  private static final float C3 = 0x1.555492p-3f;
  private static final float C4 = 0x1.5558b2p-5f;
  private static final float C5 = 0x1.12399p-7f;
  private static final float C6 = 0x1.6a4aa6p-10f;

  private Exp() {}

  static final class Vector {
    private Vector() {}

    static FloatVector of(final FloatVector x) {
      final VectorMask<Float> positive = x.compare(VectorOperators.GT, 0f);
      final FloatVector round = Lanes.all(ROUND_DOWN).blend(ROUND_UP, positive);
      final FloatVector back = Lanes.all(BACK_DOWN).blend(BACK_UP, positive);
      FloatVector c = x.blend(LOWEST, x.compare(VectorOperators.LT, LOWEST));
      c = c.blend(HIGHEST, c.compare(VectorOperators.GT, HIGHEST));
      final FloatVector biased = c.fma(Lanes.all(LOG2_E), round);
      final FloatVector n = biased.sub(round);
      final FloatVector r = n.fma(Lanes.all(-LN2_LOW), n.fma(Lanes.all(-LN2_HIGH), c));
      FloatVector p = r.fma(Lanes.all(C6), Lanes.all(C5));
      p = p.fma(r, Lanes.all(C4));
      p = p.fma(r, Lanes.all(C3));
      p = p.fma(r, Lanes.all(C2));
      p = p.fma(r, Lanes.all(1f));
      p = p.fma(r, Lanes.all(1f));
      final FloatVector scale =
          biased
              .reinterpretAsInts()
              .lanewise(VectorOperators.LSHL, EXPONENT_SHIFT)
              .reinterpretAsFloats();
      return p.mul(scale).mul(back);
    }
  }

  static final class Scalar {
    private Scalar() {}

    static float of(final float x) {
      final boolean positive = x > 0f;
      final float round = positive ? ROUND_UP : ROUND_DOWN;
      final float back = positive ? BACK_UP : BACK_DOWN;
      float c = x < LOWEST ? LOWEST : x;
      c = c > HIGHEST ? HIGHEST : c;
      final float biased = Math.fma(c, LOG2_E, round);
      final float n = biased - round;
      final float r = Math.fma(n, -LN2_LOW, Math.fma(n, -LN2_HIGH, c));
      float p = Math.fma(r, C6, C5);
      p = Math.fma(p, r, C4);
      p = Math.fma(p, r, C3);
      p = Math.fma(p, r, C2);
      p = Math.fma(p, r, 1f);
      p = Math.fma(p, r, 1f);
      final float scale = Float.intBitsToFloat(Float.floatToRawIntBits(biased) << EXPONENT_SHIFT);
      return p * scale * back;
    }
  }
}
