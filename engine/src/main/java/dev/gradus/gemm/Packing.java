package dev.gradus.gemm;

import dev.gradus.gemm.generated.Transpose16;
import dev.gradus.gemm.generated.Transpose8;
import dev.gradus.kernel.Lanes;
import dev.gradus.memory.OffHeap;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/**
 * Copies blocks of A and B into the layouts that the micro-kernels read. Strides are in bytes.
 * Nothing outside A or B is read.
 */
final class Packing {
  private static final VectorSpecies<Float> S = Lanes.F;
  private static final int LANES = Tile.LANES;
  private static final long W = S.vectorByteSize();
  private static final long PANEL_STEP = 2 * W;

  /** What {@link #turned} needs beside its matrices. */
  static final long SQUARE_BYTES = LANES * PANEL_STEP;

  private static final long LINE = 64;
  private static final MemorySegment ALL = OffHeap.ALL;
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();

  private Packing() {}

  /** {@code to[row * ROW_PITCH + step] = alpha * A[row, step]}, A with its steps side by side. */
  static void rows(
      final long a,
      final long aRow,
      final int rows,
      final int steps,
      final float alpha,
      final float[] to) {
    final int whole = steps - steps % LANES;
    final VectorMask<Float> rest = S.indexInRange(whole, steps);
    for (int row = 0; row < rows; row++) {
      final int start = row * Blocking.ROW_PITCH;
      long from = a + row * aRow;
      for (int step = 0; step < whole; step += LANES) {
        FloatVector.fromMemorySegment(S, ALL, from, ORDER).mul(alpha).intoArray(to, start + step);
        from += W;
      }
      if (whole < steps) {
        FloatVector.fromMemorySegment(S, ALL, from, ORDER, rest)
            .mul(alpha)
            .intoArray(to, start + whole);
      }
    }
  }

  /**
   * {@code to[start + step * rows + row] = alpha * A[row, step]}, A with its rows side by side.
   * Whole vectors are stored, of which the next step overwrites what is too much: {@code to} has
   * room for one vector more.
   *
   * @param readable how many elements from the first row on may be read in each step.
   */
  static void steps(
      final long a,
      final long aStep,
      final int rows,
      final int readable,
      final int steps,
      final float alpha,
      final float[] to,
      final int start) {
    long from = a;
    int next = start;
    if (readable >= LANES) {
      for (int step = 0; step < steps; step++) {
        FloatVector.fromMemorySegment(S, ALL, from, ORDER).mul(alpha).intoArray(to, next);
        from += aStep;
        next += rows;
      }
    } else {
      final VectorMask<Float> mask = S.indexInRange(0, readable);
      for (int step = 0; step < steps; step++) {
        FloatVector.fromMemorySegment(S, ALL, from, ORDER, mask).mul(alpha).intoArray(to, next);
        from += aStep;
        next += rows;
      }
    }
  }

  /** Reads something of each cache line of some rows; returns what nobody needs. */
  static int fetch(final long from, final long row, final int rows, final long bytes) {
    int read = 0;
    for (int i = 0; i < rows; i++) {
      final long start = from + i * row;
      for (long at = 0; at < bytes; at += LINE) {
        read |= OffHeap.getInt(start + at);
      }
    }
    return read;
  }

  /** A panel of B, two vectors a step, from rows of B; columns beyond {@code columns} are 0. */
  static void columns(
      final long b, final long bStep, final int columns, final int steps, final long to) {
    long from = b;
    long next = to;
    if (columns == Tile.COLUMNS) {
      for (int step = 0; step < steps; step++) {
        FloatVector.fromMemorySegment(S, ALL, from, ORDER).intoMemorySegment(ALL, next, ORDER);
        FloatVector.fromMemorySegment(S, ALL, from + W, ORDER)
            .intoMemorySegment(ALL, next + W, ORDER);
        from += bStep;
        next += PANEL_STEP;
      }
    } else {
      final VectorMask<Float> left = S.indexInRange(0, columns);
      final VectorMask<Float> right = S.indexInRange(LANES, columns);
      for (int step = 0; step < steps; step++) {
        FloatVector.fromMemorySegment(S, ALL, from, ORDER, left)
            .intoMemorySegment(ALL, next, ORDER);
        FloatVector.fromMemorySegment(S, ALL, from + W, ORDER, right)
            .intoMemorySegment(ALL, next + W, ORDER);
        from += bStep;
        next += PANEL_STEP;
      }
    }
  }

  /**
   * A panel of B, two vectors a step, from B with its steps side by side; columns beyond {@code
   * columns} are 0 or repeat the last. Steps fewer than lanes are read and written as if they were
   * as many: {@code to} has room for those.
   *
   * @param readable how many columns from the first one on B has.
   */
  static void transposed(
      final long b,
      final long bColumn,
      final int columns,
      final int readable,
      final int steps,
      final long to) {
    if (columns < Tile.COLUMNS) {
      final FloatVector zero = FloatVector.zero(S);
      for (long next = to; next < to + steps * PANEL_STEP; next += W) {
        zero.intoMemorySegment(ALL, next, ORDER);
      }
    }
    if (steps >= LANES) {
      squares(b, bColumn, columns, steps, to);
    } else if (steps > 0) {
      final long beyond = W - (long) steps * Float.BYTES;
      final int leaving = (int) ((beyond + bColumn - 1) / bColumn); // columns at the end of B
      final int inside = Math.max(0, Math.min(columns, readable - leaving));
      square(b, bColumn, inside, to, PANEL_STEP);
      final long left = (long) inside * Float.BYTES;
      single(b + inside * bColumn, bColumn, columns - inside, steps, to + left);
    }
  }

  /** The last squares overlap those before: copying twice does no harm. */
  private static void squares(
      final long b, final long bColumn, final int columns, final int steps, final long to) {
    for (int next = 0; next < steps; next += LANES) {
      final int step = Math.min(next, steps - LANES);
      final long from = b + (long) step * Float.BYTES;
      square(from, bColumn, columns, to + step * PANEL_STEP, PANEL_STEP);
    }
  }

  /**
   * {@code to[step, column] = b[column, step]} for as many steps as lanes; of fewer columns than
   * lanes the last is repeated up to there.
   */
  static void square(
      final long b, final long bColumn, final int columns, final long to, final long toStep) {
    final int rows = Math.min(columns, LANES);
    for (int next = 0; next < columns; next += LANES) {
      final int column = Math.min(next, columns - rows);
      final long from = b + column * bColumn;
      final long square = to + (long) column * Float.BYTES;
      if (LANES == 8) {
        Transpose8.square(from, bColumn, rows, square, toStep);
      } else {
        Transpose16.square(from, bColumn, rows, square, toStep);
      }
    }
  }

  /**
   * {@code to[column, row] = from[row, column]}; the last squares overlap those before. Up to a
   * vector is read of each row, also where it is shorter.
   *
   * @param square {@link #SQUARE_BYTES} bytes.
   */
  static void turned(
      final long from,
      final long fromRow,
      final int rows,
      final int columns,
      final long to,
      final long toRow,
      final long square) {
    final boolean whole = rows >= LANES && columns >= LANES;
    for (int nextRow = 0; nextRow < rows; nextRow += LANES) {
      final int row = Math.max(0, Math.min(nextRow, rows - LANES));
      for (int next = 0; next < columns; next += LANES) {
        final int column = Math.max(0, Math.min(next, columns - LANES));
        final long source = from + row * fromRow + (long) column * Float.BYTES;
        final long target = to + column * toRow + (long) row * Float.BYTES;
        if (whole) {
          square(source, fromRow, LANES, target, toRow);
        } else {
          // A square is larger than what is left of the matrix: the rest may be others'.
          final int height = Math.min(LANES, rows);
          square(source, fromRow, height, square, PANEL_STEP);
          tile(square, PANEL_STEP, Math.min(LANES, columns), height, target, toRow);
        }
      }
    }
  }

  /**
   * Copies rows of {@code count} adjacent floats to an array, one after the other; behind each up
   * to a vector may become 0.
   */
  static void image(
      final long from,
      final int rows,
      final int count,
      final float[] to,
      final int start,
      final int toRow) {
    final int whole = count - count % LANES;
    final VectorMask<Float> rest = S.indexInRange(whole, count);
    long source = from;
    for (int row = 0; row < rows; row++) {
      final int target = start + row * toRow;
      for (int i = 0; i < whole; i += LANES) {
        FloatVector.fromMemorySegment(S, ALL, source + (long) i * Float.BYTES, ORDER)
            .intoArray(to, target + i);
      }
      if (whole < count) {
        FloatVector.fromMemorySegment(S, ALL, source + (long) whole * Float.BYTES, ORDER, rest)
            .intoArray(to, target + whole);
      }
      source += (long) count * Float.BYTES;
    }
  }

  private static void single(
      final long b, final long bColumn, final int columns, final int steps, final long to) {
    for (int step = 0; step < steps; step++) {
      long from = b + (long) step * Float.BYTES;
      long next = to + step * PANEL_STEP;
      for (int column = 0; column < columns; column++) {
        OffHeap.setFloat(next, OffHeap.getFloat(from));
        from += bColumn;
        next += Float.BYTES;
      }
    }
  }

  /** Copies {@code rows} times {@code columns} elements, at most a tile's, from rows to rows. */
  static void tile(
      final long from,
      final long fromRow,
      final int rows,
      final int columns,
      final long to,
      final long toRow) {
    final VectorMask<Float> left = S.indexInRange(0, columns);
    final VectorMask<Float> right = S.indexInRange(LANES, columns);
    for (int row = 0; row < rows; row++) {
      final long source = from + row * fromRow;
      final long target = to + row * toRow;
      FloatVector.fromMemorySegment(S, ALL, source, ORDER, left)
          .intoMemorySegment(ALL, target, ORDER, left);
      if (columns > LANES) {
        FloatVector.fromMemorySegment(S, ALL, source + W, ORDER, right)
            .intoMemorySegment(ALL, target + W, ORDER, right);
      }
    }
  }
}
