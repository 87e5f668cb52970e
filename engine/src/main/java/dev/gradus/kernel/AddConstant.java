package dev.gradus.kernel;

import dev.gradus.memory.OffHeap;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/** {@code y = x + constant}; in place where {@code y == x}. */
public abstract class AddConstant {
  private AddConstant() {}

  public static AddConstant of(final KernelMode mode) {
    return mode == KernelMode.VECTOR ? new Vector() : new Scalar();
  }

  public abstract void run(long x, float constant, long y, long count);

  private static final class Vector extends AddConstant {
    private static final VectorSpecies<Float> F = Lanes.F;
    private static final MemorySegment ALL = OffHeap.ALL;
    private static final ByteOrder ORDER = Lanes.ORDER;

    @Override
    public void run(final long x, final float constant, final long y, final long count) {
      final long whole = F.loopBound(count);
      for (long i = 0; i < whole; i += Lanes.COUNT) {
        FloatVector.fromMemorySegment(F, ALL, x + i * Float.BYTES, ORDER)
            .add(constant)
            .intoMemorySegment(ALL, y + i * Float.BYTES, ORDER);
      }
      if (whole < count) {
        final VectorMask<Float> tail = F.indexInRange(whole, count);
        FloatVector.fromMemorySegment(F, ALL, x + whole * Float.BYTES, ORDER, tail)
            .add(constant)
            .intoMemorySegment(ALL, y + whole * Float.BYTES, ORDER, tail);
      }
    }
  }

  private static final class Scalar extends AddConstant {
    @Override
    public void run(final long x, final float constant, final long y, final long count) {
      final long bytes = count * Float.BYTES;
      for (long o = 0; o < bytes; o += Float.BYTES) {
        OffHeap.setFloat(y + o, OffHeap.getFloat(x + o) + constant);
      }
    }
  }
}
