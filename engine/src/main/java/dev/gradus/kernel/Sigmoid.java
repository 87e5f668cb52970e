package dev.gradus.kernel;

import dev.gradus.memory.OffHeap;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@code y = 1 / (1 + exp(-x))}; {@code dX = dY * y * (1 - y)}. With {@code t = exp(-|x|)}, see
 * {@link Exp}, it is {@code 1 / (1 + t)} for x >= 0 and {@code t / (1 + t)} below, which keeps its
 * precision down to subnormals.
 */
public final class Sigmoid implements Activation {
  public static final Sigmoid INSTANCE = new Sigmoid();

  private Sigmoid() {}

  @Override
  public String name() {
    return "sigmoid";
  }

  @Override
  public Curvature curvature() {
    return new Curvature(1f, -2f); // f' = y - y^2;
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
        final FloatVector negative = v.abs().neg();
        final FloatVector c =
            negative.blend(Exp.LOWEST, negative.compare(VectorOperators.LT, Exp.LOWEST));
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
        final FloatVector t = p.mul(scale).mul(Exp.BACK);
        final FloatVector numerator = t.blend(1f, v.compare(VectorOperators.GE, 0f));
        final FloatVector result = numerator.div(t.add(1f));
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
        final float t = Exp.of(-Math.abs(v));
        OffHeap.setFloat(y + i * Float.BYTES, (v >= 0f ? 1f : t) / (t + 1f));
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
            .mul(output.mul(one.sub(output)))
            .intoMemorySegment(ALL, dX + i * Float.BYTES, ORDER);
      }
      if (whole < count) {
        final VectorMask<Float> tail = F.indexInRange(whole, count);
        final FloatVector output =
            FloatVector.fromMemorySegment(F, ALL, y + whole * Float.BYTES, ORDER, tail);
        final FloatVector gradient =
            FloatVector.fromMemorySegment(F, ALL, dY + whole * Float.BYTES, ORDER, tail);
        gradient
            .mul(output.mul(one.sub(output)))
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
            OffHeap.getFloat(dY + i * Float.BYTES) * (output * (1f - output)));
      }
    }
  }
}
