package dev.gradus.kernel;

import dev.gradus.memory.OffHeap;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * {@code out[c] = sum over r of x[r,c]}, the gradient of a bias. Four rows at a time are added as
 * {@code (x0 + x1) + (x2 + x3)} to the running sum of their column; up to three rows at the end one
 * by one.
 */
public abstract class ColumnSum {
  private static final int GROUP = 4;

  private ColumnSum() {}

  public static ColumnSum of(final KernelMode mode) {
    return mode == KernelMode.VECTOR ? new Vector() : new Scalar();
  }

  /**
   * Sums a range of columns.
   *
   * @param x (rows, columns), not overlapping {@code out}.
   * @param columnFrom the first column summed.
   * @param columnTo the column after the last one summed.
   * @param out (columns), of which only the range is written.
   */
  public abstract void run(
      long x, long rows, long columns, long columnFrom, long columnTo, long out);

  private static final class Vector extends ColumnSum {
    @Override
    public void run(
        final long x,
        final long rows,
        final long columns,
        final long columnFrom,
        final long columnTo,
        final long out) {
      final long rowBytes = columns * Float.BYTES;
      final long to = columnTo * Float.BYTES;
      long o = columnFrom * Float.BYTES;
      for (; o + 4 * Lanes.BYTES <= to; o += 4 * Lanes.BYTES) {
        four(x + o, rows, rowBytes, out + o);
      }
      for (; o < to; o += Lanes.BYTES) {
        one(x + o, rows, rowBytes, out + o, Lanes.first(to - o));
      }
    }

    /**
     * Four neighbouring vectors of columns: enough of each row at once to read memory in long
     * stretches.
     */
    private static void four(final long x, final long rows, final long rowBytes, final long out) {
      FloatVector s0 = Lanes.zero();
      FloatVector s1 = Lanes.zero();
      FloatVector s2 = Lanes.zero();
      FloatVector s3 = Lanes.zero();
      long row = x;
      long left = rows;
      for (; left >= GROUP; left -= GROUP) {
        s0 = s0.add(group(row, rowBytes));
        s1 = s1.add(group(row + Lanes.BYTES, rowBytes));
        s2 = s2.add(group(row + 2 * Lanes.BYTES, rowBytes));
        s3 = s3.add(group(row + 3 * Lanes.BYTES, rowBytes));
        row += GROUP * rowBytes;
      }
      for (; left > 0; left--) {
        s0 = s0.add(Lanes.load(row));
        s1 = s1.add(Lanes.load(row + Lanes.BYTES));
        s2 = s2.add(Lanes.load(row + 2 * Lanes.BYTES));
        s3 = s3.add(Lanes.load(row + 3 * Lanes.BYTES));
        row += rowBytes;
      }
      Lanes.store(s0, out);
      Lanes.store(s1, out + Lanes.BYTES);
      Lanes.store(s2, out + 2 * Lanes.BYTES);
      Lanes.store(s3, out + 3 * Lanes.BYTES);
    }

    private static FloatVector group(final long row, final long rowBytes) {
      return Lanes.load(row)
          .add(Lanes.load(row + rowBytes))
          .add(Lanes.load(row + 2 * rowBytes).add(Lanes.load(row + 3 * rowBytes)));
    }

    private static void one(
        final long x,
        final long rows,
        final long rowBytes,
        final long out,
        final VectorMask<Float> mask) {
      FloatVector s = Lanes.zero();
      long row = x;
      long left = rows;
      for (; left >= GROUP; left -= GROUP) {
        final FloatVector low = Lanes.load(row, mask).add(Lanes.load(row + rowBytes, mask));
        final FloatVector high =
            Lanes.load(row + 2 * rowBytes, mask).add(Lanes.load(row + 3 * rowBytes, mask));
        s = s.add(low.add(high));
        row += GROUP * rowBytes;
      }
      for (; left > 0; left--) {
        s = s.add(Lanes.load(row, mask));
        row += rowBytes;
      }
      Lanes.store(s, out, mask);
    }
  }

  private static final class Scalar extends ColumnSum {
    @Override
    public void run(
        final long x,
        final long rows,
        final long columns,
        final long columnFrom,
        final long columnTo,
        final long out) {
      final long rowBytes = columns * Float.BYTES;
      final long to = columnTo * Float.BYTES;
      for (long o = columnFrom * Float.BYTES; o < to; o += Float.BYTES) {
        OffHeap.setFloat(out + o, column(x + o, rows, rowBytes));
      }
    }

    private static float column(final long x, final long rows, final long rowBytes) {
      float s = 0f;
      long row = x;
      long left = rows;
      for (; left >= GROUP; left -= GROUP) {
        s +=
            (OffHeap.getFloat(row) + OffHeap.getFloat(row + rowBytes))
                + (OffHeap.getFloat(row + 2 * rowBytes) + OffHeap.getFloat(row + 3 * rowBytes));
        row += GROUP * rowBytes;
      }
      for (; left > 0; left--) {
        s += OffHeap.getFloat(row);
        row += rowBytes;
      }
      return s;
    }
  }
}
