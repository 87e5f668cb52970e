package dev.gradus.gemm;

import dev.gradus.kernel.Lanes;
import dev.gradus.memory.OffHeap;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@code C = scale * init + a * b} for a single step, the weight gradient of a batch of one: bound
 * by writing C, so C is written a row after the other.
 */
final class ColumnTimesRow {
  private static final VectorSpecies<Float> S = Lanes.F;
  private static final int LANES = Tile.LANES;
  private static final long W = S.vectorByteSize();
  private static final MemorySegment ALL = OffHeap.ALL;
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();

  /** Rows written side by side, so that each vector of b is read once for all of them. */
  private static final int GROUP = 4;

  private ColumnTimesRow() {}

  /**
   * Addresses and strides are in bytes.
   *
   * @param a {@code rows} elements, {@code aRow} apart.
   * @param b {@code columns} elements side by side.
   * @param init rows of as many elements, {@code initRow} apart; c itself, or another; not read
   *     where {@code scale} is 0.
   */
  static void run(
      final int rows,
      final int columns,
      final long a,
      final long aRow,
      final long b,
      final long c,
      final long cRow,
      final long init,
      final long initRow,
      final float scale) {
    final int whole = columns - columns % LANES;
    final VectorMask<Float> rest = S.indexInRange(whole, columns);
    final FloatVector zero = FloatVector.zero(S);
    int first = 0;
    if (scale == 0f && whole == columns) {
      first = rows - rows % GROUP;
      groups(first, columns, a, aRow, b, c, cRow);
    }
    for (int row = first; row < rows; row++) {
      // In one method: a vector handed to another is an object where that is not inlined.
      final FloatVector x = FloatVector.broadcast(S, OffHeap.getFloat(a + row * aRow));
      final long from = init + row * initRow;
      final long to = c + row * cRow;
      long left = 0;
      if (scale == 0f) {
        for (int column = 0; column < whole; column += LANES) {
          x.fma(FloatVector.fromMemorySegment(S, ALL, b + left, ORDER), zero)
              .intoMemorySegment(ALL, to + left, ORDER);
          left += W;
        }
        if (whole < columns) {
          x.fma(FloatVector.fromMemorySegment(S, ALL, b + left, ORDER, rest), zero)
              .intoMemorySegment(ALL, to + left, ORDER, rest);
        }
      } else {
        for (int column = 0; column < whole; column += LANES) {
          final FloatVector sum =
              FloatVector.fromMemorySegment(S, ALL, from + left, ORDER).mul(scale);
          x.fma(FloatVector.fromMemorySegment(S, ALL, b + left, ORDER), sum)
              .intoMemorySegment(ALL, to + left, ORDER);
          left += W;
        }
        if (whole < columns) {
          final FloatVector sum =
              FloatVector.fromMemorySegment(S, ALL, from + left, ORDER, rest).mul(scale);
          x.fma(FloatVector.fromMemorySegment(S, ALL, b + left, ORDER, rest), sum)
              .intoMemorySegment(ALL, to + left, ORDER, rest);
        }
      }
    }
  }

  /** Whole groups of rows of whole vectors. */
  private static void groups(
      final int rows,
      final int columns,
      final long a,
      final long aRow,
      final long b,
      final long c,
      final long cRow) {
    final FloatVector zero = FloatVector.zero(S);
    final long end = (long) columns * Float.BYTES;
    for (int row = 0; row < rows; row += GROUP) {
      final long from = a + row * aRow;
      final FloatVector x0 = FloatVector.broadcast(S, OffHeap.getFloat(from));
      final FloatVector x1 = FloatVector.broadcast(S, OffHeap.getFloat(from + aRow));
      final FloatVector x2 = FloatVector.broadcast(S, OffHeap.getFloat(from + 2 * aRow));
      final FloatVector x3 = FloatVector.broadcast(S, OffHeap.getFloat(from + 3 * aRow));
      final long to0 = c + row * cRow;
      final long to1 = to0 + cRow;
      final long to2 = to1 + cRow;
      final long to3 = to2 + cRow;
      for (long left = 0; left < end; left += W) {
        final FloatVector y = FloatVector.fromMemorySegment(S, ALL, b + left, ORDER);
        x0.fma(y, zero).intoMemorySegment(ALL, to0 + left, ORDER);
        x1.fma(y, zero).intoMemorySegment(ALL, to1 + left, ORDER);
        x2.fma(y, zero).intoMemorySegment(ALL, to2 + left, ORDER);
        x3.fma(y, zero).intoMemorySegment(ALL, to3 + left, ORDER);
      }
    }
  }
}
