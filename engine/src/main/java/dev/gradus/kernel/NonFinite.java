package dev.gradus.kernel;

import dev.gradus.memory.OffHeap;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/** Looks for NaN and infinity. */
public abstract class NonFinite {
  private NonFinite() {}

  public static NonFinite of(final KernelMode mode) {
    return mode == KernelMode.VECTOR ? new Vector() : new Scalar();
  }

  /** The index of the first NaN or infinity of {@code count} floats, or -1. */
  public abstract long firstIndex(long x, long count);

  private static final class Vector extends NonFinite {
    @Override
    public long firstIndex(final long x, final long count) {
      final long bytes = count * Float.BYTES;
      for (long o = 0; o < bytes; o += Lanes.BYTES) {
        final FloatVector v =
            o + Lanes.BYTES <= bytes
                ? Lanes.load(x + o)
                : Lanes.load(x + o, Lanes.first(bytes - o));
        // Infinity times 0 is NaN, as is NaN times 0.
        final VectorMask<Float> found = v.mul(0f).compare(VectorOperators.NE, 0f);
        if (found.anyTrue()) {
          return o / Float.BYTES + found.firstTrue();
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
