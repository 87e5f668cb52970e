package dev.gradus.kernel;

import dev.gradus.memory.OffHeap;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/** {@code x[r,c] = x[r,c] * (factors[r] / divisor)}. */
abstract class ScaleRows {
  private ScaleRows() {}

  static ScaleRows of(final KernelMode mode) {
    return mode == KernelMode.VECTOR ? new Vector() : new Scalar();
  }

  /**
   * Scales in place.
   *
   * @param x (rows, columns).
   * @param factors (rows).
   */
  abstract void run(long x, long factors, long rows, long columns, float divisor);

  private static final class Vector extends ScaleRows {
    private static final VectorSpecies<Float> F = Lanes.F;
    private static final MemorySegment ALL = OffHeap.ALL;
    private static final ByteOrder ORDER = Lanes.ORDER;

    @Override
    void run(
        final long x,
        final long factors,
        final long rows,
        final long columns,
        final float divisor) {
      final long whole = F.loopBound(columns);
      final VectorMask<Float> tail = F.indexInRange(whole, columns);
      for (long r = 0; r < rows; r++) {
        final long row = x + r * columns * Float.BYTES;
        final float factor = OffHeap.getFloat(factors + r * Float.BYTES) / divisor;
        for (long i = 0; i < whole; i += Lanes.COUNT) {
          final FloatVector v = FloatVector.fromMemorySegment(F, ALL, row + i * Float.BYTES, ORDER);
          v.mul(factor).intoMemorySegment(ALL, row + i * Float.BYTES, ORDER);
        }
        if (whole < columns) {
          final FloatVector v =
              FloatVector.fromMemorySegment(F, ALL, row + whole * Float.BYTES, ORDER, tail);
          v.mul(factor).intoMemorySegment(ALL, row + whole * Float.BYTES, ORDER, tail);
        }
      }
    }
  }

  private static final class Scalar extends ScaleRows {
    @Override
    void run(
        final long x,
        final long factors,
        final long rows,
        final long columns,
        final float divisor) {
      for (long r = 0; r < rows; r++) {
        final long row = x + r * columns * Float.BYTES;
        final float factor = OffHeap.getFloat(factors + r * Float.BYTES) / divisor;
        for (long i = 0; i < columns; i++) {
          OffHeap.setFloat(row + i * Float.BYTES, OffHeap.getFloat(row + i * Float.BYTES) * factor);
        }
      }
    }
  }
}
