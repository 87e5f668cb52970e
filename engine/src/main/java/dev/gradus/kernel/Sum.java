package dev.gradus.kernel;

import dev.gradus.memory.OffHeap;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The sum of a range: leaves of at most 1024 elements, each summed in the tree of {@link Lanes};
 * longer ranges are halved at a multiple of 1024 and the halves' sums added. The error grows with
 * the logarithm of the count.
 */
public abstract class Sum {
  private static final long LEAF = 1024;

  private Sum() {}

  public static Sum of(final KernelMode mode) {
    return mode == KernelMode.VECTOR ? new Vector() : new Scalar();
  }

  /** The sum of {@code count} floats, 0 for none. */
  public final float run(final long x, final long count) {
    if (count <= LEAF) {
      return leaf(x, count);
    }
    final long half = (count / 2 + LEAF - 1) / LEAF * LEAF;
    return run(x, half) + run(x + half * Float.BYTES, count - half);
  }

  abstract float leaf(long x, long count);

  /** Also serves other kernels that sum a row. */
  static final class Vector extends Sum {
    private static final VectorSpecies<Float> F = Lanes.F;
    private static final MemorySegment ALL = OffHeap.ALL;
    private static final ByteOrder ORDER = Lanes.ORDER;

    @Override
    float leaf(final long x, final long count) {
      return row(x, count);
    }

    /** The sum of a row in the tree of {@link Lanes}. */
    static float row(final long x, final long count) {
      FloatVector first = FloatVector.zero(F);
      FloatVector second = FloatVector.zero(F);
      final long whole = count & -Lanes.SUMS;
      for (long i = 0; i < whole; i += Lanes.SUMS) {
        final FloatVector v = FloatVector.fromMemorySegment(F, ALL, x + i * Float.BYTES, ORDER);
        first = first.add(v);
        if (Lanes.TWO_VECTORS) {
          final long next = i + Lanes.COUNT;
          final FloatVector v2 =
              FloatVector.fromMemorySegment(F, ALL, x + next * Float.BYTES, ORDER);
          second = second.add(v2);
        }
      }
      if (whole < count) {
        final FloatVector v =
            FloatVector.fromMemorySegment(
                F, ALL, x + whole * Float.BYTES, ORDER, F.indexInRange(whole, count));
        first = first.add(v);
        if (Lanes.TWO_VECTORS) {
          final long next = whole + Lanes.COUNT;
          final FloatVector v2 =
              FloatVector.fromMemorySegment(
                  F, ALL, x + next * Float.BYTES, ORDER, F.indexInRange(next, count));
          second = second.add(v2);
        }
      }
      FloatVector s = first.add(Lanes.TWO_VECTORS ? second : first.rearrange(Lanes.BY_8));
      s = s.add(s.rearrange(Lanes.BY_4));
      s = s.add(s.rearrange(Lanes.BY_2));
      s = s.add(s.rearrange(Lanes.BY_1));
      return s.lane(0);
    }
  }

  /** Also serves other kernels that sum a row. */
  static final class Scalar extends Sum {
    @Override
    float leaf(final long x, final long count) {
      return row(x, count);
    }

    /** The sum of a row in the tree of {@link Lanes}. */
    static float row(final long x, final long count) {
      return (quarter(x, count, 0) + quarter(x, count, 2))
          + (quarter(x, count, 1) + quarter(x, count, 3));
    }

    /**
     * Running sums {@code lane}, {@code lane + 4}, {@code lane + 8} and {@code lane + 12}, added
     * up.
     */
    private static float quarter(final long x, final long count, final int lane) {
      float s0 = 0f;
      float s4 = 0f;
      float s8 = 0f;
      float s12 = 0f;
      for (long i = lane; i < count; i += Lanes.SUMS) {
        s0 += OffHeap.getFloat(x + i * Float.BYTES);
        s4 += i + 4 < count ? OffHeap.getFloat(x + (i + 4) * Float.BYTES) : 0f;
        s8 += i + 8 < count ? OffHeap.getFloat(x + (i + 8) * Float.BYTES) : 0f;
        s12 += i + 12 < count ? OffHeap.getFloat(x + (i + 12) * Float.BYTES) : 0f;
      }
      return (s0 + s8) + (s4 + s12);
    }
  }
}
