package dev.gradus.kernel;

import dev.gradus.memory.OffHeap;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * One row of softmax: {@code y = exp(x - max) / sum}, where {@code sum} adds up {@code exp(x -
 * max)} in the tree of {@link Lanes}. The division is a product with the reciprocal. NaN or
 * positive infinity anywhere in a row makes all of it NaN.
 */
final class SoftmaxRow {
  private SoftmaxRow() {}

  static final class Vector {
    private Vector() {}

    /** The largest of a row; NaN is passed over. */
    static float max(final long x, final long columns) {
      final long bytes = columns * Float.BYTES;
      final long whole = Lanes.whole(bytes);
      final FloatVector lowest = Lanes.all(Float.NEGATIVE_INFINITY);
      FloatVector m = lowest;
      for (long o = 0; o < whole; o += Lanes.BYTES) {
        m = Lanes.larger(m, Lanes.load(x + o));
      }
      if (whole < bytes) {
        final VectorMask<Float> tail = Lanes.first(bytes - whole);
        m = Lanes.larger(m, lowest.blend(Lanes.load(x + whole, tail), tail));
      }
      return Lanes.largest(m);
    }

    /**
     * Writes a row of softmax and returns the sum of {@code exp(x - max)}. {@code y} may be {@code
     * x}.
     */
    static float run(final long x, final long y, final long columns, final float max) {
      final float sum = exp(x, y, columns, max);
      scale(y, columns, 1f / sum);
      return sum;
    }

    private static float exp(final long x, final long y, final long columns, final float max) {
      final long bytes = columns * Float.BYTES;
      final long whole = Lanes.wholeBlocks(bytes);
      FloatVector first = Lanes.zero();
      FloatVector second = Lanes.zero();
      for (long o = 0; o < whole; o += Lanes.BLOCK_BYTES) {
        final FloatVector e = Exp.Vector.of(Lanes.load(x + o).sub(max));
        Lanes.store(e, y + o);
        first = first.add(e);
        if (Lanes.HALVES) {
          final FloatVector f = Exp.Vector.of(Lanes.load(x + o + Lanes.BYTES).sub(max));
          Lanes.store(f, y + o + Lanes.BYTES);
          second = second.add(f);
        }
      }
      if (whole < bytes) {
        final VectorMask<Float> tail = Lanes.first(bytes - whole);
        final FloatVector e = Exp.Vector.of(Lanes.load(x + whole, tail).sub(max));
        Lanes.store(e, y + whole, tail);
        first = first.add(e, tail);
        if (Lanes.HALVES && whole + Lanes.BYTES < bytes) {
          final long next = whole + Lanes.BYTES;
          final VectorMask<Float> nextTail = Lanes.first(bytes - next);
          final FloatVector f = Exp.Vector.of(Lanes.load(x + next, nextTail).sub(max));
          Lanes.store(f, y + next, nextTail);
          second = second.add(f, nextTail);
        }
      }
      return Lanes.sum(first, second);
    }

    private static void scale(final long y, final long columns, final float factor) {
      final long bytes = columns * Float.BYTES;
      final long whole = Lanes.whole(bytes);
      for (long o = 0; o < whole; o += Lanes.BYTES) {
        Lanes.store(Lanes.load(y + o).mul(factor), y + o);
      }
      if (whole < bytes) {
        final VectorMask<Float> tail = Lanes.first(bytes - whole);
        Lanes.store(Lanes.load(y + whole, tail).mul(factor), y + whole, tail);
      }
    }
  }

  static final class Scalar {
    private Scalar() {}

    /** The largest of a row; NaN is passed over. */
    static float max(final long x, final long columns) {
      final long bytes = columns * Float.BYTES;
      float m = Float.NEGATIVE_INFINITY;
      for (long o = 0; o < bytes; o += Float.BYTES) {
        final float value = OffHeap.getFloat(x + o);
        m = value > m ? value : m;
      }
      return m;
    }

    /**
     * Writes a row of softmax and returns the sum of {@code exp(x - max)}. {@code y} may be {@code
     * x}.
     */
    static float run(final long x, final long y, final long columns, final float max) {
      final long bytes = columns * Float.BYTES;
      for (long o = 0; o < bytes; o += Float.BYTES) {
        OffHeap.setFloat(y + o, Exp.Scalar.of(OffHeap.getFloat(x + o) - max));
      }
      final float sum = Sum.Scalar.row(y, columns);
      final float factor = 1f / sum;
      for (long o = 0; o < bytes; o += Float.BYTES) {
        OffHeap.setFloat(y + o, OffHeap.getFloat(y + o) * factor);
      }
      return sum;
    }
  }
}
