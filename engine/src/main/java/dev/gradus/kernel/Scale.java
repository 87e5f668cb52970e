package dev.gradus.kernel;

import dev.gradus.memory.OffHeap;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/** {@code y = factor * x}. */
public final class Scale {
  private Scale() {}

  public static UnaryKernel of(final KernelMode mode, final float factor) {
    return mode == KernelMode.VECTOR ? new Vector(factor) : new Scalar(factor);
  }

  private static final class Vector implements UnaryKernel {
    private static final VectorSpecies<Float> F = Lanes.F;
    private static final MemorySegment ALL = OffHeap.ALL;
    private static final ByteOrder ORDER = Lanes.ORDER;

    private final float factor;

    Vector(final float factor) {
      this.factor = factor;
    }

    @Override
    public void run(final long x, final long y, final long count) {
      final long whole = F.loopBound(count);
      for (long i = 0; i < whole; i += Lanes.COUNT) {
        FloatVector.fromMemorySegment(F, ALL, x + i * Float.BYTES, ORDER)
            .mul(factor)
            .intoMemorySegment(ALL, y + i * Float.BYTES, ORDER);
      }
      if (whole < count) {
        final VectorMask<Float> tail = F.indexInRange(whole, count);
        FloatVector.fromMemorySegment(F, ALL, x + whole * Float.BYTES, ORDER, tail)
            .mul(factor)
            .intoMemorySegment(ALL, y + whole * Float.BYTES, ORDER, tail);
      }
    }
  }

  private static final class Scalar implements UnaryKernel {
    private final float factor;

    Scalar(final float factor) {
      this.factor = factor;
    }

    @Override
    public void run(final long x, final long y, final long count) {
      for (long i = 0; i < count; i++) {
        OffHeap.setFloat(y + i * Float.BYTES, factor * OffHeap.getFloat(x + i * Float.BYTES));
      }
    }
  }
}
