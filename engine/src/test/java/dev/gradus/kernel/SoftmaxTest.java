package dev.gradus.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** Softmax and its gradient. */
final class SoftmaxTest {
  private static final long SEED = 4242;

  // Rows that don't fill a group, and groups.
  private static final int[] ROWS = {1, 3, 20};

  @Test
  void shouldMatchDoublePrecision() {
    for (final int columns : Kernels.COUNTS) {
      for (final int rows : ROWS) {
        for (final int misalignment : Kernels.MISALIGNMENTS) {
          final float[] x = Kernels.normal(SEED + columns, rows * columns, 8);
          final String what = "softmax (" + rows + "," + columns + "), seed " + SEED;
          final float[][] after =
              Kernels.run(
                  what,
                  misalignment,
                  (mode, at) -> Softmax.of(mode).run(at[0], at[1], rows, columns),
                  x,
                  Kernels.poison(x.length));
          Kernels.assertSameBits(x, after[0], what + " input");
          check(x, after[1], rows, columns, what);
          final float[][] inPlace =
              Kernels.run(
                  what + " in place",
                  misalignment,
                  (mode, at) -> Softmax.of(mode).run(at[0], at[0], rows, columns),
                  x);
          Kernels.assertSameBits(after[1], inPlace[0], what + " in place");
        }
      }
    }
  }

  private static void check(
      final float[] x, final float[] y, final int rows, final int columns, final String what) {
    for (int r = 0; r < rows; r++) {
      final double[] expected = softmax(x, r, columns);
      for (int c = 0; c < columns; c++) {
        // x - max rounds to half a unit of at most 128, relative in exp; then come exp, the sum,
        // the reciprocal and the product.
        final double relative = 0x1p-18 + (Kernels.additions(columns) + 8) * Kernels.EPSILON;
        Kernels.assertClose(
            expected[c],
            y[r * columns + c],
            relative * expected[c] + Float.MIN_VALUE,
            what + " row " + r + " column " + c);
      }
    }
  }

  static double[] softmax(final float[] x, final int row, final int columns) {
    final double[] y = new double[columns];
    double max = Double.NEGATIVE_INFINITY;
    for (int c = 0; c < columns; c++) {
      max = Math.max(max, x[row * columns + c]);
    }
    double sum = 0;
    for (int c = 0; c < columns; c++) {
      y[c] = Math.exp(x[row * columns + c] - max);
      sum += y[c];
    }
    for (int c = 0; c < columns; c++) {
      y[c] /= sum;
    }
    return y;
  }

  @Test
  void shouldKeepToRowsThatOverflow() {
    // One row each: huge, impossible classes, all equal, infinite, not a number, all impossible.
    final float inf = Float.POSITIVE_INFINITY;
    final float nan = Float.NaN;
    final float[] x = {
      3e38f, -3e38f, 1f, 0f, -inf, 2f, -inf, 2f, -7f, -7f, -7f, -7f, 1f, inf, 2f, 3f, 1f, nan, 2f,
      3f, -inf, -inf, -inf, -inf
    };
    final float[] expected = {
      1f, 0f, 0f, 0f, 0f, 0.5f, 0f, 0.5f, 0.25f, 0.25f, 0.25f, 0.25f, nan, nan, nan, nan, nan, nan,
      nan, nan, nan, nan, nan, nan
    };
    final float[][] after =
        Kernels.run(
            "softmax of special values",
            0,
            (mode, at) -> Softmax.of(mode).run(at[0], at[1], 6, 4),
            x,
            Kernels.poison(x.length));
    Kernels.assertSameBits(expected, after[1], "softmax of special values");
  }

  @Test
  void shouldMatchDoublePrecisionInGradient() {
    for (final int columns : Kernels.COUNTS) {
      for (final int rows : ROWS) {
        final float[] y = Kernels.normal(SEED + columns, rows * columns, 1);
        final float[] dY = Kernels.normal(SEED - columns, rows * columns, 1);
        final String what = "softmax gradient (" + rows + "," + columns + "), seed " + SEED;
        final float[][] after =
            Kernels.run(
                what,
                4,
                (mode, at) -> SoftmaxGradient.of(mode).run(at[0], at[1], at[2], rows, columns),
                y,
                dY,
                Kernels.poison(y.length));
        for (int r = 0; r < rows; r++) {
          double dot = 0;
          double magnitude = 0;
          for (int i = r * columns; i < (r + 1) * columns; i++) {
            dot += (double) y[i] * dY[i];
            magnitude += Math.abs((double) y[i] * dY[i]);
          }
          final double dotError = (Kernels.additions(columns) + 1) * Kernels.EPSILON * magnitude;
          for (int i = r * columns; i < (r + 1) * columns; i++) {
            final double expected = y[i] * (dY[i] - dot);
            final double tolerance =
                Math.abs(y[i]) * dotError + 3 * Kernels.EPSILON * Math.abs(expected);
            Kernels.assertClose(expected, after[2][i], tolerance, what + " at " + i);
          }
        }
        for (int target = 0; target < 2; target++) {
          final int dX = target;
          final float[][] inPlace =
              Kernels.run(
                  what + " in place",
                  4,
                  (mode, at) -> SoftmaxGradient.of(mode).run(at[0], at[1], at[dX], rows, columns),
                  y,
                  dY);
          Kernels.assertSameBits(after[2], inPlace[dX], what + " over input " + dX);
        }
      }
    }
  }

  @Test
  void shouldSumToOne() {
    final int columns = 1031;
    final float[] x = Kernels.normal(SEED, columns, 2);
    final float[] y =
        Kernels.run("softmax", 0, (mode, at) -> Softmax.of(mode).run(at[0], at[0], 1, columns), x)[
            0];
    double sum = 0;
    for (final float p : y) {
      sum += p;
    }
    assertEquals(1, sum, 1e-6);
  }
}
