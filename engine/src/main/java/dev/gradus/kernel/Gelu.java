package dev.gradus.kernel;

import dev.gradus.memory.OffHeap;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@code y = x * P(x)} with P the distribution of the standard normal, {@code (1 + erf(x /
 * sqrt(2))) / 2}. At most 7 ulp off over all floats, subnormal results included; -0 at negative
 * infinity. The gradient, from x, {@code dX = dY * (P(x) + x * p(x))} with p the density, is within
 * 6 ulp of the larger of its two terms.
 *
 * <p>With {@code a = |x|}, {@code P(-a) = exp(-a^2 / 2) * q}, q a polynomial in {@code u = 1 / (1 +
 * 5/16 a)} times u with relative error 1.1e-8 up to 14.8. The square is taken in two parts: its
 * rounding alone would cost a hundred ulp of the exponential, see {@link Exp}.
 *
 * <p>Source: Hendrycks and Gimpel, "Gaussian error linear units", 2016; the form of q after
 * Shepherd and Laframboise, "Chebyshev approximation of (1 + 2x) exp(x^2) erfc x", 1981.
 */
public final class Gelu implements Activation {
  public static final Gelu INSTANCE = new Gelu();

  // x * P(x) rounds to 0 at its negative.
  private static final float FAR = 14.7f;

  /** {@code 1 / sqrt(2 pi)}, the density at 0. */
  private static final float DENSITY = 0.3989422804014327f;

  private static final float K = 0.3125f;
  private static final float R0 = 0.12466572733398945f;
  private static final float R1 = 0.12474304840279157f;
  private static final float R2 = 0.11194518689484138f;
  private static final float R3 = 0.08979708164159181f;
  private static final float R4 = 0.05640100926630458f;
  private static final float R5 = -0.00416691111834584f;
  private static final float R6 = 0.07627269292668265f;
  private static final float R7 = -0.15259107490862603f;
  private static final float R8 = 0.09207776594895993f;
  private static final float R9 = -0.01914453168050364f;

  private Gelu() {}

  @Override
  public String name() {
    return "gelu";
  }

  @Override
  public boolean gradientFromInput() {
    return true;
  }

  @Override
  public UnaryKernel forward(final KernelMode mode) {
    return mode == KernelMode.VECTOR ? new Prefetched(new Vector()) : new Scalar();
  }

  @Override
  public BinaryKernel gradient(final KernelMode mode) {
    return mode == KernelMode.VECTOR ? new VectorGradient() : new ScalarGradient();
  }

  /** q in scalar code. */
  private static float tail(final float a) {
    final float u = 1f / Fma.of(a, K, 1f);
    float q = Fma.of(u, R9, R8);
    q = Fma.of(q, u, R7);
    q = Fma.of(q, u, R6);
    q = Fma.of(q, u, R5);
    q = Fma.of(q, u, R4);
    q = Fma.of(q, u, R3);
    q = Fma.of(q, u, R2);
    q = Fma.of(q, u, R1);
    q = Fma.of(q, u, R0);
    return q * u;
  }

  private static final class Vector implements UnaryKernel {
    private static final VectorSpecies<Float> F = Lanes.F;
    private static final MemorySegment ALL = OffHeap.ALL;
    private static final ByteOrder ORDER = Lanes.ORDER;

    @Override
    public void run(final long x, final long y, final long count) {
      final long whole = F.loopBound(count);
      final VectorMask<Float> tail = F.indexInRange(whole, count);
      for (long i = 0; i < count; i += Lanes.COUNT) {
        final boolean full = i < whole;
        final FloatVector v =
            full
                ? FloatVector.fromMemorySegment(F, ALL, x + i * Float.BYTES, ORDER)
                : FloatVector.fromMemorySegment(F, ALL, x + i * Float.BYTES, ORDER, tail);
        final FloatVector magnitude = v.abs();
        final FloatVector a = magnitude.blend(FAR, magnitude.compare(VectorOperators.GT, FAR));
        final FloatVector half = a.mul(-0.5f);
        final FloatVector c = a.mul(half);
        final FloatVector low = a.fma(half, c.neg());

        final FloatVector biased =
            c.fma(FloatVector.broadcast(F, Exp.LOG2_E), FloatVector.broadcast(F, Exp.ROUND));
        final FloatVector n = biased.sub(Exp.ROUND);
        FloatVector r = n.fma(FloatVector.broadcast(F, -Exp.LN2_HIGH), c);
        r = n.fma(FloatVector.broadcast(F, -Exp.LN2_LOW), r).add(low);
        FloatVector p = r.fma(FloatVector.broadcast(F, Exp.C6), FloatVector.broadcast(F, Exp.C5));
        p = p.fma(r, FloatVector.broadcast(F, Exp.C4));
        p = p.fma(r, FloatVector.broadcast(F, Exp.C3));
        p = p.fma(r, FloatVector.broadcast(F, Exp.C2));
        p = p.fma(r, FloatVector.broadcast(F, 1f));
        p = p.fma(r, FloatVector.broadcast(F, 1f));
        final FloatVector scale =
            biased
                .reinterpretAsInts()
                .lanewise(VectorOperators.LSHL, Exp.EXPONENT_SHIFT)
                .reinterpretAsFloats();
        final FloatVector big = p.mul(scale);

        final FloatVector u =
            FloatVector.broadcast(F, 1f)
                .div(a.fma(FloatVector.broadcast(F, K), FloatVector.broadcast(F, 1f)));
        FloatVector q = u.fma(FloatVector.broadcast(F, R9), FloatVector.broadcast(F, R8));
        q = q.fma(u, FloatVector.broadcast(F, R7));
        q = q.fma(u, FloatVector.broadcast(F, R6));
        q = q.fma(u, FloatVector.broadcast(F, R5));
        q = q.fma(u, FloatVector.broadcast(F, R4));
        q = q.fma(u, FloatVector.broadcast(F, R3));
        q = q.fma(u, FloatVector.broadcast(F, R2));
        q = q.fma(u, FloatVector.broadcast(F, R1));
        q = q.fma(u, FloatVector.broadcast(F, R0));
        q = q.mul(u);
        final VectorMask<Float> positive = v.compare(VectorOperators.GE, 0f);

        final FloatVector tailed = q.mul(big);
        final FloatVector share =
            tailed.blend(
                tailed.fma(FloatVector.broadcast(F, -Exp.BACK), FloatVector.broadcast(F, 1f)),
                positive);
        final FloatVector product = a.neg().blend(v, positive).mul(share);
        final FloatVector result = product.mul(Exp.BACK).blend(product, positive);
        if (full) {
          result.intoMemorySegment(ALL, y + i * Float.BYTES, ORDER);
        } else {
          result.intoMemorySegment(ALL, y + i * Float.BYTES, ORDER, tail);
        }
      }
    }
  }

  private static final class Scalar implements UnaryKernel {

    @Override
    public void run(final long x, final long y, final long count) {
      for (long i = 0; i < count; i++) {
        final float v = OffHeap.getFloat(x + i * Float.BYTES);
        final float magnitude = Math.abs(v);
        final float a = magnitude > FAR ? FAR : magnitude;
        final float square = a * a;
        final float big = Exp.scaled(square * -0.5f, Fma.of(a, a, -square) * -0.5f);

        final float tailed = tail(a) * big;
        final float product = v >= 0f ? v * (tailed * -Exp.BACK + 1f) : -a * tailed;
        final float result = v >= 0f ? product : product * Exp.BACK;
        OffHeap.setFloat(y + i * Float.BYTES, result);
      }
    }
  }

  private static final class VectorGradient implements BinaryKernel {
    private static final VectorSpecies<Float> F = Lanes.F;
    private static final MemorySegment ALL = OffHeap.ALL;
    private static final ByteOrder ORDER = Lanes.ORDER;

    @Override
    public void run(final long x, final long dY, final long dX, final long count) {
      final long whole = F.loopBound(count);
      final VectorMask<Float> tail = F.indexInRange(whole, count);
      for (long i = 0; i < count; i += Lanes.COUNT) {
        final boolean full = i < whole;
        final FloatVector v =
            full
                ? FloatVector.fromMemorySegment(F, ALL, x + i * Float.BYTES, ORDER)
                : FloatVector.fromMemorySegment(F, ALL, x + i * Float.BYTES, ORDER, tail);
        final FloatVector gradient =
            full
                ? FloatVector.fromMemorySegment(F, ALL, dY + i * Float.BYTES, ORDER)
                : FloatVector.fromMemorySegment(F, ALL, dY + i * Float.BYTES, ORDER, tail);
        final FloatVector magnitude = v.abs();
        final FloatVector a = magnitude.blend(FAR, magnitude.compare(VectorOperators.GT, FAR));
        final FloatVector half = a.mul(-0.5f);
        final FloatVector c = a.mul(half);
        final FloatVector low = a.fma(half, c.neg());

        final FloatVector biased =
            c.fma(FloatVector.broadcast(F, Exp.LOG2_E), FloatVector.broadcast(F, Exp.ROUND));
        final FloatVector n = biased.sub(Exp.ROUND);
        FloatVector r = n.fma(FloatVector.broadcast(F, -Exp.LN2_HIGH), c);
        r = n.fma(FloatVector.broadcast(F, -Exp.LN2_LOW), r).add(low);
        FloatVector p = r.fma(FloatVector.broadcast(F, Exp.C6), FloatVector.broadcast(F, Exp.C5));
        p = p.fma(r, FloatVector.broadcast(F, Exp.C4));
        p = p.fma(r, FloatVector.broadcast(F, Exp.C3));
        p = p.fma(r, FloatVector.broadcast(F, Exp.C2));
        p = p.fma(r, FloatVector.broadcast(F, 1f));
        p = p.fma(r, FloatVector.broadcast(F, 1f));
        final FloatVector scale =
            biased
                .reinterpretAsInts()
                .lanewise(VectorOperators.LSHL, Exp.EXPONENT_SHIFT)
                .reinterpretAsFloats();
        final FloatVector big = p.mul(scale);

        final FloatVector u =
            FloatVector.broadcast(F, 1f)
                .div(a.fma(FloatVector.broadcast(F, K), FloatVector.broadcast(F, 1f)));
        FloatVector q = u.fma(FloatVector.broadcast(F, R9), FloatVector.broadcast(F, R8));
        q = q.fma(u, FloatVector.broadcast(F, R7));
        q = q.fma(u, FloatVector.broadcast(F, R6));
        q = q.fma(u, FloatVector.broadcast(F, R5));
        q = q.fma(u, FloatVector.broadcast(F, R4));
        q = q.fma(u, FloatVector.broadcast(F, R3));
        q = q.fma(u, FloatVector.broadcast(F, R2));
        q = q.fma(u, FloatVector.broadcast(F, R1));
        q = q.fma(u, FloatVector.broadcast(F, R0));
        q = q.mul(u);
        final VectorMask<Float> positive = v.compare(VectorOperators.GE, 0f);

        final FloatVector e = big.mul(Exp.BACK);
        final FloatVector difference = a.fma(FloatVector.broadcast(F, DENSITY), q.neg());
        final FloatVector slope =
            e.mul(difference)
                .neg()
                .blend(e.fma(difference, FloatVector.broadcast(F, 1f)), positive);
        final FloatVector result = gradient.mul(slope);
        if (full) {
          result.intoMemorySegment(ALL, dX + i * Float.BYTES, ORDER);
        } else {
          result.intoMemorySegment(ALL, dX + i * Float.BYTES, ORDER, tail);
        }
      }
    }
  }

  private static final class ScalarGradient implements BinaryKernel {

    @Override
    public void run(final long x, final long dY, final long dX, final long count) {
      for (long i = 0; i < count; i++) {
        final float v = OffHeap.getFloat(x + i * Float.BYTES);
        final float gradient = OffHeap.getFloat(dY + i * Float.BYTES);
        final float magnitude = Math.abs(v);
        final float a = magnitude > FAR ? FAR : magnitude;
        final float square = a * a;
        final float big = Exp.scaled(square * -0.5f, Fma.of(a, a, -square) * -0.5f);

        final float e = big * Exp.BACK;
        final float difference = Fma.of(a, DENSITY, -tail(a));
        final float result = gradient * (v >= 0f ? Fma.of(e, difference, 1f) : -(e * difference));
        OffHeap.setFloat(dX + i * Float.BYTES, result);
      }
    }
  }
}
