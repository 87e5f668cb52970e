package dev.gradus.kernel;

import dev.gradus.memory.OffHeap;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The sum of the squares of a range, in the order of {@link Lanes}; each square is added with one
 * rounding. For ranges of some thousands; longer ones are cut by the caller.
 */
public abstract class SumOfSquares {
  private SumOfSquares() {}

  public static SumOfSquares of(final KernelMode mode) {
    return mode == KernelMode.VECTOR ? new Vector() : new Scalar();
  }

  /** The sum over {@code count} floats, 0 for none. */
  public abstract float run(long x, long count);

  private static float rest(final float sum, final long x, final long from, final long count) {
    float total = sum;
    for (long i = from; i < count; i++) {
      final float value = OffHeap.getFloat(x + i * Float.BYTES);
      total = Fma.of(value, value, total);
    }
    return total;
  }

  private static final class Vector extends SumOfSquares {
    private static final VectorSpecies<Float> F = Lanes.F;
    private static final MemorySegment ALL = OffHeap.ALL;
    private static final ByteOrder ORDER = Lanes.ORDER;

    @Override
    public float run(final long x, final long count) {
      final long whole = count & -Lanes.SUMS;
      float sum = 0f;
      if (whole > 0) {
        FloatVector first = FloatVector.zero(F);
        FloatVector second = FloatVector.zero(F);
        for (long i = 0; i < whole; i += Lanes.SUMS) {
          final FloatVector a = FloatVector.fromMemorySegment(F, ALL, x + i * Float.BYTES, ORDER);
          first = a.fma(a, first);
          if (Lanes.TWO_VECTORS) {
            final long next = i + Lanes.COUNT;
            final FloatVector b =
                FloatVector.fromMemorySegment(F, ALL, x + next * Float.BYTES, ORDER);
            second = b.fma(b, second);
          }
        }
        FloatVector s = first.add(Lanes.TWO_VECTORS ? second : first.rearrange(Lanes.BY_8));
        s = s.add(s.rearrange(Lanes.BY_4));
        s = s.add(s.rearrange(Lanes.BY_2));
        s = s.add(s.rearrange(Lanes.BY_1));
        sum = s.lane(0);
      }
      return rest(sum, x, whole, count);
    }
  }

  private static final class Scalar extends SumOfSquares {
    @Override
    public float run(final long x, final long count) {
      final long whole = count & -Lanes.SUMS;
      final float sum =
          (quarter(x, whole, 0) + quarter(x, whole, 2))
              + (quarter(x, whole, 1) + quarter(x, whole, 3));
      return rest(sum, x, whole, count);
    }

    /** Running sums {@code lane}, {@code lane + 4}, {@code + 8}, {@code + 12}, added up. */
    private static float quarter(final long x, final long count, final int lane) {
      float s0 = 0f;
      float s4 = 0f;
      float s8 = 0f;
      float s12 = 0f;
      for (long i = lane; i < count; i += Lanes.SUMS) {
        final float a = OffHeap.getFloat(x + i * Float.BYTES);
        final float b = OffHeap.getFloat(x + (i + 4) * Float.BYTES);
        final float c = OffHeap.getFloat(x + (i + 8) * Float.BYTES);
        final float d = OffHeap.getFloat(x + (i + 12) * Float.BYTES);
        s0 = Fma.of(a, a, s0);
        s4 = Fma.of(b, b, s4);
        s8 = Fma.of(c, c, s8);
        s12 = Fma.of(d, d, s12);
      }
      return (s0 + s8) + (s4 + s12);
    }
  }
}
