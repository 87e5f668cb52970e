package dev.gradus.kernel;

import dev.gradus.memory.OffHeap;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Looks for NaN and infinity. */
public abstract class NonFinite {
  private NonFinite() {}

  public static NonFinite of(final KernelMode mode) {
    return mode == KernelMode.VECTOR ? new Vector() : new Scalar();
  }

  /** The index of the first NaN or infinity of {@code count} floats, or -1. */
  public abstract long firstIndex(long x, long count);

  private static final class Vector extends NonFinite {
    private static final VectorSpecies<Float> F = Lanes.F;
    private static final MemorySegment ALL = OffHeap.ALL;
    private static final ByteOrder ORDER = Lanes.ORDER;

    @Override
    public long firstIndex(final long x, final long count) {
      final long whole = F.loopBound(count);
      final VectorMask<Float> tail = F.indexInRange(whole, count);
      for (long i = 0; i < count; i += Lanes.COUNT) {
        final FloatVector v =
            i < whole
                ? FloatVector.fromMemorySegment(F, ALL, x + i * Float.BYTES, ORDER)
                : FloatVector.fromMemorySegment(F, ALL, x + i * Float.BYTES, ORDER, tail);
        // Infinity times 0 is NaN, as is NaN times 0.
        final VectorMask<Float> found = v.mul(0f).compare(VectorOperators.NE, 0f);
        if (found.anyTrue()) {
          return i + found.firstTrue();
        }
      }
      return -1;
    }
  }

  private static final class Scalar extends NonFinite {
    @Override
    public long firstIndex(final long x, final long count) {
      for (long i = 0; i < count; i++) {
        if (!Float.isFinite(OffHeap.getFloat(x + i * Float.BYTES))) {
          return i;
        }
      }
      return -1;
    }
  }
}
