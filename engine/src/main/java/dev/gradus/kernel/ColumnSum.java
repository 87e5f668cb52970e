package dev.gradus.kernel;

import dev.gradus.memory.OffHeap;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

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
    private static final long BYTES = Lanes.F.vectorByteSize();
    private static final VectorSpecies<Float> F = Lanes.F;
    private static final MemorySegment ALL = OffHeap.ALL;
    private static final ByteOrder ORDER = Lanes.ORDER;

    private final Scalar narrow = new Scalar();

    @Override
    public void run(
        final long x,
        final long rows,
        final long columns,
        final long columnFrom,
        final long columnTo,
        final long out) {
      final long rowBytes = columns * Float.BYTES;
      long c = columnFrom;
      for (; c + 4L * Lanes.COUNT <= columnTo; c += 4L * Lanes.COUNT) {
        four(x + c * Float.BYTES, rows, rowBytes, out + c * Float.BYTES);
      }
      for (; c + Lanes.COUNT <= columnTo; c += Lanes.COUNT) {
        one(x + c * Float.BYTES, rows, rowBytes, out + c * Float.BYTES);
      }
      if (c < columnTo && columnTo - columnFrom >= Lanes.COUNT) {
        // The last whole vector: some of its columns are summed once more, to the same bits.
        c = columnTo - Lanes.COUNT;
        one(x + c * Float.BYTES, rows, rowBytes, out + c * Float.BYTES);
      } else if (c < columnTo) {
        narrow.run(x, rows, columns, c, columnTo, out);
      }
    }

    /** Four neighbouring vectors of columns, to read memory in long stretches. */
    private static void four(final long x, final long rows, final long rowBytes, final long out) {
      FloatVector s0 = FloatVector.zero(F);
      FloatVector s1 = FloatVector.zero(F);
      FloatVector s2 = FloatVector.zero(F);
      FloatVector s3 = FloatVector.zero(F);
      final long groups = rows / GROUP;
      for (long g = 0; g < groups; g++) {
        final long row0 = x + g * GROUP * rowBytes;
        final long row1 = row0 + rowBytes;
        final long row2 = row1 + rowBytes;
        final long row3 = row2 + rowBytes;
        s0 =
            s0.add(
                FloatVector.fromMemorySegment(F, ALL, row0, ORDER)
                    .add(FloatVector.fromMemorySegment(F, ALL, row1, ORDER))
                    .add(
                        FloatVector.fromMemorySegment(F, ALL, row2, ORDER)
                            .add(FloatVector.fromMemorySegment(F, ALL, row3, ORDER))));
        s1 =
            s1.add(
                FloatVector.fromMemorySegment(F, ALL, row0 + BYTES, ORDER)
                    .add(FloatVector.fromMemorySegment(F, ALL, row1 + BYTES, ORDER))
                    .add(
                        FloatVector.fromMemorySegment(F, ALL, row2 + BYTES, ORDER)
                            .add(FloatVector.fromMemorySegment(F, ALL, row3 + BYTES, ORDER))));
        s2 =
            s2.add(
                FloatVector.fromMemorySegment(F, ALL, row0 + 2 * BYTES, ORDER)
                    .add(FloatVector.fromMemorySegment(F, ALL, row1 + 2 * BYTES, ORDER))
                    .add(
                        FloatVector.fromMemorySegment(F, ALL, row2 + 2 * BYTES, ORDER)
                            .add(FloatVector.fromMemorySegment(F, ALL, row3 + 2 * BYTES, ORDER))));
        s3 =
            s3.add(
                FloatVector.fromMemorySegment(F, ALL, row0 + 3 * BYTES, ORDER)
                    .add(FloatVector.fromMemorySegment(F, ALL, row1 + 3 * BYTES, ORDER))
                    .add(
                        FloatVector.fromMemorySegment(F, ALL, row2 + 3 * BYTES, ORDER)
                            .add(FloatVector.fromMemorySegment(F, ALL, row3 + 3 * BYTES, ORDER))));
      }
      for (long r = groups * GROUP; r < rows; r++) {
        final long row = x + r * rowBytes;
        s0 = s0.add(FloatVector.fromMemorySegment(F, ALL, row, ORDER));
        s1 = s1.add(FloatVector.fromMemorySegment(F, ALL, row + BYTES, ORDER));
        s2 = s2.add(FloatVector.fromMemorySegment(F, ALL, row + 2 * BYTES, ORDER));
        s3 = s3.add(FloatVector.fromMemorySegment(F, ALL, row + 3 * BYTES, ORDER));
      }
      s0.intoMemorySegment(ALL, out, ORDER);
      s1.intoMemorySegment(ALL, out + BYTES, ORDER);
      s2.intoMemorySegment(ALL, out + 2 * BYTES, ORDER);
      s3.intoMemorySegment(ALL, out + 3 * BYTES, ORDER);
    }

    private static void one(final long x, final long rows, final long rowBytes, final long out) {
      FloatVector s = FloatVector.zero(F);
      final long groups = rows / GROUP;
      for (long g = 0; g < groups; g++) {
        final long row = x + g * GROUP * rowBytes;
        final FloatVector x0 = FloatVector.fromMemorySegment(F, ALL, row, ORDER);
        final FloatVector x1 = FloatVector.fromMemorySegment(F, ALL, row + rowBytes, ORDER);
        final FloatVector x2 = FloatVector.fromMemorySegment(F, ALL, row + 2 * rowBytes, ORDER);
        final FloatVector x3 = FloatVector.fromMemorySegment(F, ALL, row + 3 * rowBytes, ORDER);
        s = s.add(x0.add(x1).add(x2.add(x3)));
      }
      for (long r = groups * GROUP; r < rows; r++) {
        s = s.add(FloatVector.fromMemorySegment(F, ALL, x + r * rowBytes, ORDER));
      }
      s.intoMemorySegment(ALL, out, ORDER);
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
