package dev.gradus.kernel;

import dev.gradus.memory.OffHeap;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/** {@code out = a - b}. */
public final class Subtract {
  private Subtract() {}

  public static BinaryKernel of(final KernelMode mode) {
    return mode == KernelMode.VECTOR ? new Vector() : new Scalar();
  }

  private static final class Vector implements BinaryKernel {
    private static final VectorSpecies<Float> F = Lanes.F;
    private static final MemorySegment ALL = OffHeap.ALL;
    private static final ByteOrder ORDER = Lanes.ORDER;

    @Override
    public void run(final long a, final long b, final long out, final long count) {
      final long whole = F.loopBound(count);
      for (long i = 0; i < whole; i += Lanes.COUNT) {
        final FloatVector left = FloatVector.fromMemorySegment(F, ALL, a + i * Float.BYTES, ORDER);
        final FloatVector right = FloatVector.fromMemorySegment(F, ALL, b + i * Float.BYTES, ORDER);
        left.sub(right).intoMemorySegment(ALL, out + i * Float.BYTES, ORDER);
      }
      if (whole < count) {
        final VectorMask<Float> tail = F.indexInRange(whole, count);
        final FloatVector left =
            FloatVector.fromMemorySegment(F, ALL, a + whole * Float.BYTES, ORDER, tail);
        final FloatVector right =
            FloatVector.fromMemorySegment(F, ALL, b + whole * Float.BYTES, ORDER, tail);
        left.sub(right).intoMemorySegment(ALL, out + whole * Float.BYTES, ORDER, tail);
      }
    }
  }

  private static final class Scalar implements BinaryKernel {
    @Override
    public void run(final long a, final long b, final long out, final long count) {
      for (long i = 0; i < count; i++) {
        OffHeap.setFloat(
            out + i * Float.BYTES,
            OffHeap.getFloat(a + i * Float.BYTES) - OffHeap.getFloat(b + i * Float.BYTES));
      }
    }
  }
}
