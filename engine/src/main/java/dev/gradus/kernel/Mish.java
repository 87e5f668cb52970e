package dev.gradus.kernel;

import dev.gradus.memory.OffHeap;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@code y = x * tanh(log(1 + exp(x)))}. At most 4 ulp off over all floats, subnormal results
 * included; -0 at negative infinity. The gradient, from x, {@code dX = dY * (w + x * (1 - w^2) *
 * sigmoid(x))} with w that tanh, is within 6 ulp of the larger of its two terms.
 *
 * <p>With {@code t = exp(-|x|)}, see {@link Exp}, w is {@code (1 + 2 t) / (1 + 2 t + 2 t^2)} for x
 * >= 0 and {@code t (2 + t) / (2 + 2 t + t^2)} below; {@code (1 - w^2) * sigmoid(x)} is {@code 4 k
 * (1 + t) / d^2} with d that divisor and k either t^2 or t.
 *
 * <p>Source: Misra, "Mish: a self regularized non-monotonic activation function", 2019.
 */
public final class Mish implements Activation {
  public static final Mish INSTANCE = new Mish();

  // 2 * x * exp(x) rounds to 0 from here on.
  private static final float LOWEST = -111f;

  private Mish() {}

  @Override
  public String name() {
    return "mish";
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

        final FloatVector t = big.mul(Exp.BACK);
        final FloatVector two = t.add(2f);
        final FloatVector odd = t.fma(FloatVector.broadcast(F, 2f), FloatVector.broadcast(F, 1f));
        final FloatVector n1 = two.blend(odd, positive);
        final FloatVector d =
            t.fma(two, FloatVector.broadcast(F, 2f)).blend(t.add(t).fma(t, odd), positive);

        final FloatVector product = c.mul(big).blend(v, positive).mul(n1.div(d));
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
        final float negative = -Math.abs(v);
        final float c = negative < LOWEST ? LOWEST : negative;
        final float big = Exp.scaled(c, 0f);

        final float t = big * Exp.BACK;
        final float odd = Fma.of(t, 2f, 1f);
        final float n = v >= 0f ? odd : t + 2f;
        final float d = v >= 0f ? Fma.of(t + t, t, odd) : Fma.of(t, t + 2f, 2f);

        final float product = (v >= 0f ? v : c * big) * (n / d);
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
        final FloatVector two = t.add(2f);
        final FloatVector odd = t.fma(FloatVector.broadcast(F, 2f), FloatVector.broadcast(F, 1f));
        final FloatVector n1 = two.blend(odd, positive);
        final FloatVector d =
            t.fma(two, FloatVector.broadcast(F, 2f)).blend(t.add(t).fma(t, odd), positive);

        final FloatVector k = c.blend(c.neg().mul(t).mul(t), positive);
        final FloatVector numerator = n1.fma(d, k.mul(4f).mul(t.add(1f)));
        final FloatVector slope = t.mul(numerator).blend(numerator, positive).div(d.mul(d));
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
        final float odd = Fma.of(t, 2f, 1f);
        final float n = v >= 0f ? odd : t + 2f;
        final float d = v >= 0f ? Fma.of(t + t, t, odd) : Fma.of(t, t + 2f, 2f);

        final float k = v >= 0f ? -c * t * t : c;
        final float numerator = Fma.of(n, d, k * 4f * (t + 1f));
        final float result = gradient * ((v >= 0f ? numerator : t * numerator) / (d * d));
        OffHeap.setFloat(dX + i * Float.BYTES, result);
      }
    }
  }
}
