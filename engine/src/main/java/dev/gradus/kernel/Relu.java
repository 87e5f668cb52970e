package dev.gradus.kernel;

import dev.gradus.memory.OffHeap;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@code y = max(x, 0)}; {@code dX = dY} where {@code y > 0}, else 0. NaN stays NaN, and its
 * gradient passes, as in PyTorch.
 */
public final class Relu implements Activation {
  public static final Relu INSTANCE = new Relu();

  private Relu() {}

  @Override
  public String name() {
    return "relu";
  }

  @Override
  public Curvature curvature() {
    return Curvature.NONE;
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
      for (long i = 0; i < whole; i += Lanes.COUNT) {
        final FloatVector v = FloatVector.fromMemorySegment(F, ALL, x + i * Float.BYTES, ORDER);
        v.blend(0f, v.compare(VectorOperators.LE, 0f))
            .intoMemorySegment(ALL, y + i * Float.BYTES, ORDER);
      }
      if (whole < count) {
        final VectorMask<Float> tail = F.indexInRange(whole, count);
        final FloatVector v =
            FloatVector.fromMemorySegment(F, ALL, x + whole * Float.BYTES, ORDER, tail);
        v.blend(0f, v.compare(VectorOperators.LE, 0f))
            .intoMemorySegment(ALL, y + whole * Float.BYTES, ORDER, tail);
      }
    }
  }

  private static final class Scalar implements UnaryKernel {
    @Override
    public void run(final long x, final long y, final long count) {
      for (long i = 0; i < count; i++) {
        final float v = OffHeap.getFloat(x + i * Float.BYTES);
        OffHeap.setFloat(y + i * Float.BYTES, v <= 0f ? 0f : v);
      }
    }
  }

  private static final class VectorGradient implements BinaryKernel {
    private static final VectorSpecies<Float> F = Lanes.F;
    private static final MemorySegment ALL = OffHeap.ALL;
    private static final ByteOrder ORDER = Lanes.ORDER;

    @Override
    public void run(final long y, final long dY, final long dX, final long count) {
      final long whole = F.loopBound(count);
      for (long i = 0; i < whole; i += Lanes.COUNT) {
        final FloatVector output =
            FloatVector.fromMemorySegment(F, ALL, y + i * Float.BYTES, ORDER);
        final FloatVector gradient =
            FloatVector.fromMemorySegment(F, ALL, dY + i * Float.BYTES, ORDER);
        gradient
            .blend(0f, output.compare(VectorOperators.LE, 0f))
            .intoMemorySegment(ALL, dX + i * Float.BYTES, ORDER);
      }
      if (whole < count) {
        final VectorMask<Float> tail = F.indexInRange(whole, count);
        final FloatVector output =
            FloatVector.fromMemorySegment(F, ALL, y + whole * Float.BYTES, ORDER, tail);
        final FloatVector gradient =
            FloatVector.fromMemorySegment(F, ALL, dY + whole * Float.BYTES, ORDER, tail);
        gradient
            .blend(0f, output.compare(VectorOperators.LE, 0f))
            .intoMemorySegment(ALL, dX + whole * Float.BYTES, ORDER, tail);
      }
    }
  }

  private static final class ScalarGradient implements BinaryKernel {
    @Override
    public void run(final long y, final long dY, final long dX, final long count) {
      for (long i = 0; i < count; i++) {
        final float gradient = OffHeap.getFloat(dY + i * Float.BYTES);
        OffHeap.setFloat(
            dX + i * Float.BYTES, OffHeap.getFloat(y + i * Float.BYTES) <= 0f ? 0f : gradient);
      }
    }
  }
}
