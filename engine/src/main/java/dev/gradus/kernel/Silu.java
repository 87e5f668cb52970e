package dev.gradus.kernel;

import dev.gradus.memory.OffHeap;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@code y = x / (1 + exp(-x))}, also called swish. At most 3 ulp off over all floats, subnormal
 * results included; -0 at negative infinity. The gradient, from x, {@code dX = dY * (s + x * s * (1
 * - s))} with s the sigmoid, is within 4 ulp of the larger of its two terms.
 *
 * <p>All is computed from {@code t = exp(-|x|)}, see {@link Exp}: for negative x, {@code x * t / (1
 * + t)} with t times 2^64, so that a result is rounded into the subnormals once.
 *
 * <p>Source: Hendrycks and Gimpel, "Gaussian error linear units", 2016.
 */
public final class Silu implements Activation {
  public static final Silu INSTANCE = new Silu();

  // x * exp(x) rounds to 0 from here on.
  private static final float LOWEST = -111f;

  private Silu() {}

  @Override
  public String name() {
    return "silu";
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
        final FloatVector negative = v.abs().neg();
        final FloatVector c = negative.blend(LOWEST, negative.compare(VectorOperators.LT, LOWEST));

        final FloatVector biased =
            c.fma(FloatVector.broadcast(F, Exp.LOG2_E), FloatVector.broadcast(F, Exp.ROUND));
        final FloatVector n = biased.sub(Exp.ROUND);
        FloatVector r = n.fma(FloatVector.broadcast(F, -Exp.LN2_HIGH), c);
        r = n.fma(FloatVector.broadcast(F, -Exp.LN2_LOW), r);
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
        final VectorMask<Float> positive = v.compare(VectorOperators.GE, 0f);

        final FloatVector numerator = c.mul(big).blend(v, positive);
        final FloatVector quotient = numerator.div(big.mul(Exp.BACK).add(1f));
        final FloatVector result = quotient.mul(Exp.BACK).blend(quotient, positive);
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
        final float negative = -Math.abs(v);
        final float c = negative < LOWEST ? LOWEST : negative;
        final float big = Exp.scaled(c, 0f);

        final float quotient = (v >= 0f ? v : c * big) / (big * Exp.BACK + 1f);
        final float result = v >= 0f ? quotient : quotient * Exp.BACK;
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
        final FloatVector negative = v.abs().neg();
        final FloatVector c = negative.blend(LOWEST, negative.compare(VectorOperators.LT, LOWEST));

        final FloatVector biased =
            c.fma(FloatVector.broadcast(F, Exp.LOG2_E), FloatVector.broadcast(F, Exp.ROUND));
        final FloatVector n = biased.sub(Exp.ROUND);
        FloatVector r = n.fma(FloatVector.broadcast(F, -Exp.LN2_HIGH), c);
        r = n.fma(FloatVector.broadcast(F, -Exp.LN2_LOW), r);
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
        final VectorMask<Float> positive = v.compare(VectorOperators.GE, 0f);

        final FloatVector t = big.mul(Exp.BACK);
        final FloatVector one = t.add(1f);
        final FloatVector inner = one.add(c.blend(c.mul(t).neg(), positive));
        final FloatVector slope = t.mul(inner).blend(inner, positive).div(one.mul(one));
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
        final float negative = -Math.abs(v);
        final float c = negative < LOWEST ? LOWEST : negative;
        final float big = Exp.scaled(c, 0f);

        final float t = big * Exp.BACK;
        final float one = t + 1f;
        final float inner = one + (v >= 0f ? -(c * t) : c);
        final float result = gradient * ((v >= 0f ? inner : t * inner) / (one * one));
        OffHeap.setFloat(dX + i * Float.BYTES, result);
      }
    }
  }
}
