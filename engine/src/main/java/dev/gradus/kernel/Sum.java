package dev.gradus.kernel;

import dev.gradus.memory.OffHeap;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The sum of a range: leaves of at most 1024 elements, each summed in the order of {@link Lanes};
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

    /** The sum of a row in the order of {@link Lanes}. */
    static float row(final long x, final long count) {
      final long whole = count & -Lanes.SUMS;
      float sum = 0f;
      if (whole > 0) {
        FloatVector first = FloatVector.zero(F);
        FloatVector second = FloatVector.zero(F);
        for (long i = 0; i < whole; i += Lanes.SUMS) {
          first = first.add(FloatVector.fromMemorySegment(F, ALL, x + i * Float.BYTES, ORDER));
          if (Lanes.TWO_VECTORS) {
            final long next = i + Lanes.COUNT;
            second =
                second.add(FloatVector.fromMemorySegment(F, ALL, x + next * Float.BYTES, ORDER));
          }
        }
        FloatVector s = first.add(Lanes.TWO_VECTORS ? second : first.rearrange(Lanes.BY_8));
        s = s.add(s.rearrange(Lanes.BY_4));
        s = s.add(s.rearrange(Lanes.BY_2));
        s = s.add(s.rearrange(Lanes.BY_1));
        sum = s.lane(0);
      }
      for (long i = whole; i < count; i++) {
        sum += OffHeap.getFloat(x + i * Float.BYTES);
      }
      return sum;
    }
  }

  /** Also serves other kernels that sum a row. */
  static final class Scalar extends Sum {
    @Override
    float leaf(final long x, final long count) {
      return row(x, count);
    }

    /** The sum of a row in the order of {@link Lanes}. */
    static float row(final long x, final long count) {
      final long whole = count & -Lanes.SUMS;
      float sum =
          (quarter(x, whole, 0) + quarter(x, whole, 2))
              + (quarter(x, whole, 1) + quarter(x, whole, 3));
      for (long i = whole; i < count; i++) {
        sum += OffHeap.getFloat(x + i * Float.BYTES);
      }
      return sum;
    }

    /**
     * Running sums {@code lane}, {@code lane + 4}, {@code lane + 8}, {@code lane + 12}, added up.
     */
    private static float quarter(final long x, final long count, final int lane) {
      float s0 = 0f;
      float s4 = 0f;
      float s8 = 0f;
      float s12 = 0f;
      for (long i = lane; i < count; i += Lanes.SUMS) {
        s0 += OffHeap.getFloat(x + i * Float.BYTES);
        s4 += OffHeap.getFloat(x + (i + 4) * Float.BYTES);
        s8 += OffHeap.getFloat(x + (i + 8) * Float.BYTES);
        s12 += OffHeap.getFloat(x + (i + 12) * Float.BYTES);
      }
      return (s0 + s8) + (s4 + s12);
    }
  }
}
