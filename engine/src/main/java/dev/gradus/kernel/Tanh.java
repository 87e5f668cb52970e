package dev.gradus.kernel;

import dev.gradus.memory.OffHeap;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@code y = tanh(x)}; {@code dX = dY * (1 - y^2)}, as {@code (1 - y) * (1 + y)} to keep precision
 * near saturation.
 *
 * <p>With {@code m = exp(-2|x|) - 1} it is {@code m / (-2 - m)}, with the sign of x. As in {@link
 * Exp}, {@code -2|x| = n * ln 2 + r}; then {@code m = (exp(r) - 1) * 2^n + (2^n - 1)}, which keeps
 * its precision near 0.
 */
public final class Tanh implements Activation {
  public static final Tanh INSTANCE = new Tanh();

  private static final int SIGN = Integer.MIN_VALUE;

  private Tanh() {}

  @Override
  public String name() {
    return "tanh";
  }

  @Override
  public Curvature curvature() {
    return new Curvature(0f, -2f); // f' = 1 - y^2;
  }

  @Override
  public UnaryKernel forward(final KernelMode mode) {
    return mode == KernelMode.VECTOR ? new Vector() : new Scalar();
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
        final FloatVector twice = v.abs().mul(-2f);
        final FloatVector c =
            twice.blend(Exp.LOWEST_MINUS_1, twice.compare(VectorOperators.LT, Exp.LOWEST_MINUS_1));
        final FloatVector biased =
            c.fma(FloatVector.broadcast(F, Exp.LOG2_E), FloatVector.broadcast(F, Exp.PLAIN_ROUND));
        final FloatVector n = biased.sub(Exp.PLAIN_ROUND);
        FloatVector r = n.fma(FloatVector.broadcast(F, -Exp.LN2_HIGH), c);
        r = n.fma(FloatVector.broadcast(F, -Exp.LN2_LOW), r);
        FloatVector p = r.fma(FloatVector.broadcast(F, Exp.C6), FloatVector.broadcast(F, Exp.C5));
        p = p.fma(r, FloatVector.broadcast(F, Exp.C4));
        p = p.fma(r, FloatVector.broadcast(F, Exp.C3));
        p = p.fma(r, FloatVector.broadcast(F, Exp.C2));
        p = p.fma(r.mul(r), r);
        final FloatVector scale =
            biased
                .reinterpretAsInts()
                .lanewise(VectorOperators.LSHL, Exp.EXPONENT_SHIFT)
                .reinterpretAsFloats();
        final FloatVector m = p.fma(scale, scale.sub(1f));
        final FloatVector magnitude = m.div(FloatVector.broadcast(F, -2f).sub(m));
        final FloatVector result =
            magnitude.reinterpretAsInts().or(v.reinterpretAsInts().and(SIGN)).reinterpretAsFloats();
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
        final float m = Exp.minus1(Math.abs(v) * -2f);
        final float magnitude = m / (-2f - m);
        final int sign = Float.floatToRawIntBits(v) & SIGN;
        OffHeap.setFloat(
            y + i * Float.BYTES, Float.intBitsToFloat(Float.floatToRawIntBits(magnitude) | sign));
      }
    }
  }

  private static final class VectorGradient implements BinaryKernel {
    private static final VectorSpecies<Float> F = Lanes.F;
    private static final MemorySegment ALL = OffHeap.ALL;
    private static final ByteOrder ORDER = Lanes.ORDER;

    @Override
    public void run(final long y, final long dY, final long dX, final long count) {
      final FloatVector one = FloatVector.broadcast(F, 1f);
      final long whole = F.loopBound(count);
      for (long i = 0; i < whole; i += Lanes.COUNT) {
        final FloatVector output =
            FloatVector.fromMemorySegment(F, ALL, y + i * Float.BYTES, ORDER);
        final FloatVector gradient =
            FloatVector.fromMemorySegment(F, ALL, dY + i * Float.BYTES, ORDER);
        gradient
            .mul(one.sub(output).mul(output.add(1f)))
            .intoMemorySegment(ALL, dX + i * Float.BYTES, ORDER);
      }
      if (whole < count) {
        final VectorMask<Float> tail = F.indexInRange(whole, count);
        final FloatVector output =
            FloatVector.fromMemorySegment(F, ALL, y + whole * Float.BYTES, ORDER, tail);
        final FloatVector gradient =
            FloatVector.fromMemorySegment(F, ALL, dY + whole * Float.BYTES, ORDER, tail);
        gradient
            .mul(one.sub(output).mul(output.add(1f)))
            .intoMemorySegment(ALL, dX + whole * Float.BYTES, ORDER, tail);
      }
    }
  }

  private static final class ScalarGradient implements BinaryKernel {
    @Override
    public void run(final long y, final long dY, final long dX, final long count) {
      for (long i = 0; i < count; i++) {
        final float output = OffHeap.getFloat(y + i * Float.BYTES);
        OffHeap.setFloat(
            dX + i * Float.BYTES,
            OffHeap.getFloat(dY + i * Float.BYTES) * ((1f - output) * (output + 1f)));
      }
    }
  }
}
