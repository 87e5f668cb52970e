package dev.gradus.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.gradus.memory.OffHeap;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Sums of ranges and of columns. */
final class SumTest {
  private static final long SEED = 88;

  @Test
  void shouldSumARange() {
    final int[] counts = {0, 1, 7, 8, 9, 15, 16, 17, 31, 33, 97, 1023, 1024, 1025, 2049, 10007};
    for (final int count : counts) {
      for (final int misalignment : Kernels.MISALIGNMENTS) {
        final float[] x = Kernels.normal(SEED + count, count, 3);
        double expected = 0;
        double magnitude = 0;
        for (final float v : x) {
          expected += v;
          magnitude += Math.abs(v);
        }
        final float actual = sum(x, misalignment);
        // Those of a leaf of at most 1024, then one per halving.
        final double roundings = Kernels.additions(Math.min(count, 1024)) + 4;
        Kernels.assertClose(
            expected,
            actual,
            roundings * Kernels.EPSILON * magnitude,
            "sum, seed " + SEED + " count " + count);
      }
    }
  }

  @Test
  void shouldLoseNothingInLongSums() {
    final int count = 1 << 20;
    final float[] x = new float[count];
    Arrays.fill(x, 0.1f);
    // Off by 6e-7 of the whole; one running sum would be off by 1 percent.
    assertEquals(count * (double) 0.1f, sum(x, 0), 0.1);
  }

  @Test
  void shouldPassNotANumberOn() {
    final float[] x = Kernels.normal(SEED, 40, 1);
    x[37] = Float.NaN;
    assertEquals(Float.NaN, sum(x, 0));
  }

  private static float sum(final float[] x, final int misalignment) {
    final float[][] after =
        Kernels.run(
            "sum",
            misalignment,
            (mode, at) -> OffHeap.setFloat(at[1], Sum.of(mode).run(at[0], x.length)),
            x,
            Kernels.poison(1));
    return after[1][0];
  }

  @Test
  void shouldSumColumns() {
    final int[] rowCounts = {0, 1, 2, 3, 4, 5, 8, 31};
    for (final int columns : Kernels.COUNTS) {
      for (final int rows : rowCounts) {
        checkColumns(rows, columns, 0, columns);
      }
    }
  }

  @Test
  void shouldSumARangeOfColumnsAsIfItWereAll() {
    final int columns = 101;
    for (int from = 0; from < columns; from += 9) {
      for (int to = from; to <= columns; to += 23) {
        checkColumns(6, columns, from, to);
      }
    }
  }

  private static void checkColumns(
      final int rows, final int columns, final int from, final int to) {
    final String what =
        "columns " + from + " to " + to + " of (" + rows + "," + columns + "), seed " + SEED;
    final float[] x = Kernels.normal(SEED + rows, rows * columns, 3);
    final float[] sums =
        Kernels.run(
            what,
            4,
            (mode, at) -> ColumnSum.of(mode).run(at[0], rows, columns, from, to, at[1]),
            x,
            Kernels.poison(columns))[1];
    for (int c = 0; c < columns; c++) {
      if (c < from || c >= to) {
        assertEquals(Float.NaN, sums[c], what + ": wrote column " + c);
        continue;
      }
      double expected = 0;
      double magnitude = 0;
      for (int r = 0; r < rows; r++) {
        expected += x[r * columns + c];
        magnitude += Math.abs(x[r * columns + c]);
      }
      final double roundings = rows / 4 + 5;
      Kernels.assertClose(
          expected, sums[c], roundings * Kernels.EPSILON * magnitude, what + ": column " + c);
    }
  }
}
