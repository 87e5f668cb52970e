package dev.gradus.kernel;

import dev.gradus.memory.OffHeap;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@code y = exp(x)}; {@code dX = dY * y}. At most 2 ulp off over all floats, subnormal results
 * included; infinite where the result is above the largest float. An output of rates that must be
 * positive, a part of losses of one's own and of gradients of gradients.
 *
 * <p>As in {@link Exp}; above 0 the power of two is taken 64 below, not above, its own, so that it
 * stays a float up to where the result overflows.
 */
public final class Exponential implements Activation {
  public static final Exponential INSTANCE = new Exponential();

  /** Above it the result is infinite. */
  private static final float HIGHEST = 89f;

  private static final float HIGH_ROUND = 0x1.8p23f + 127 - 64;
  private static final float HIGH_BACK = 0x1p64f;

  private Exponential() {}

  @Override
  public String name() {
    return "exponential";
  }

  @Override
  public Curvature curvature() {
    return new Curvature(1f, 0f); // f' = y
  }

  @Override
  public UnaryKernel forward(final KernelMode mode) {
    return mode == KernelMode.VECTOR ? new Vector() : new Scalar();
  }

  @Override
  public BinaryKernel gradient(final KernelMode mode) {
    return Multiply.of(mode);
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
        final VectorMask<Float> positive = v.compare(VectorOperators.GT, 0f);
        final FloatVector c =
            v.blend(Exp.LOWEST, v.compare(VectorOperators.LT, Exp.LOWEST))
                .blend(HIGHEST, v.compare(VectorOperators.GT, HIGHEST));
        final FloatVector round = FloatVector.broadcast(F, Exp.ROUND).blend(HIGH_ROUND, positive);
        final FloatVector biased = c.fma(FloatVector.broadcast(F, Exp.LOG2_E), round);
        final FloatVector n = biased.sub(round);
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
        final FloatVector back = FloatVector.broadcast(F, Exp.BACK).blend(HIGH_BACK, positive);
        final FloatVector result = p.mul(scale).mul(back);
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
        final float result = v > 0f ? above(v > HIGHEST ? HIGHEST : v) : Exp.of(v);
        OffHeap.setFloat(y + i * Float.BYTES, result);
      }
    }

    private static float above(final float x) {
      final float biased = Fma.of(x, Exp.LOG2_E, HIGH_ROUND);
      final float n = biased - HIGH_ROUND;
      final float r = Fma.of(n, -Exp.LN2_LOW, Fma.of(n, -Exp.LN2_HIGH, x));
      float p = Fma.of(r, Exp.C6, Exp.C5);
      p = Fma.of(p, r, Exp.C4);
      p = Fma.of(p, r, Exp.C3);
      p = Fma.of(p, r, Exp.C2);
      p = Fma.of(p, r, 1f);
      p = Fma.of(p, r, 1f);
      final int bits = Float.floatToRawIntBits(biased) << Exp.EXPONENT_SHIFT;
      return p * Float.intBitsToFloat(bits) * HIGH_BACK;
    }
  }
}
