package dev.gradus.kernel;

import dev.gradus.memory.OffHeap;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

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

  private static final class Vector extends Sum {
    @Override
    float leaf(final long x, final long count) {
      final long bytes = count * Float.BYTES;
      final long whole = Lanes.wholeBlocks(bytes);
      FloatVector first = Lanes.zero();
      FloatVector second = Lanes.zero();
      for (long o = 0; o < whole; o += Lanes.BLOCK_BYTES) {
        first = first.add(Lanes.load(x + o));
        if (Lanes.HALVES) {
          second = second.add(Lanes.load(x + o + Lanes.BYTES));
        }
      }
      if (whole < bytes) {
        final VectorMask<Float> tail = Lanes.first(bytes - whole);
        first = first.add(Lanes.load(x + whole, tail));
        if (Lanes.HALVES && whole + Lanes.BYTES < bytes) {
          final long next = whole + Lanes.BYTES;
          second = second.add(Lanes.load(x + next, Lanes.first(bytes - next)));
        }
      }
      return Lanes.sum(first, second);
    }
  }

  /** Also serves other scalar kernels that sum a row. */
  static final class Scalar extends Sum {
    @Override
    float leaf(final long x, final long count) {
      return row(x, count);
    }

    /** The sum of a row in the tree of {@link Lanes}. */
    static float row(final long x, final long count) {
      final long bytes = count * Float.BYTES;
      return (quarter(x, bytes, 0) + quarter(x, bytes, 2))
          + (quarter(x, bytes, 1) + quarter(x, bytes, 3));
    }

    /**
     * Running sums {@code lane}, {@code lane + 4}, {@code lane + 8} and {@code lane + 12}, added
     * up.
     */
    private static float quarter(final long x, final long bytes, final int lane) {
      float s0 = 0f;
      float s4 = 0f;
      float s8 = 0f;
      float s12 = 0f;
      for (long o = 4L * lane; o < bytes; o += Lanes.BLOCK_BYTES) {
        s0 += OffHeap.getFloat(x + o);
        s4 += o + 16 < bytes ? OffHeap.getFloat(x + o + 16) : 0f;
        s8 += o + 32 < bytes ? OffHeap.getFloat(x + o + 32) : 0f;
        s12 += o + 48 < bytes ? OffHeap.getFloat(x + o + 48) : 0f;
      }
      return (s0 + s8) + (s4 + s12);
    }
  }
}
