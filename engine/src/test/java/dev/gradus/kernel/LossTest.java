package dev.gradus.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** Losses and their gradients. */
final class LossTest {
  private static final long SEED = 1729;
  private static final int[] ROWS = {1, 3, 20};

  @Test
  void shouldComputeSoftmaxCrossEntropy() {
    for (final int columns : Kernels.COUNTS) {
      for (final int rows : ROWS) {
        final float[] x = Kernels.normal(SEED + columns, rows * columns, 8);
        final float[] labels = Kernels.labels(SEED, rows, columns);
        final String what = "cross-entropy (" + rows + "," + columns + "), seed " + SEED;
        final float[][] after =
            Kernels.run(
                what,
                4,
                (mode, at) ->
                    SoftmaxCrossEntropy.of(mode).run(at[0], at[1], at[2], at[3], rows, columns),
                x,
                labels,
                Kernels.poison(x.length),
                Kernels.poison(rows));
        Kernels.assertSameBits(x, after[0], what + " logits");
        Kernels.assertSameBits(labels, after[1], what + " labels");
        for (int r = 0; r < rows; r++) {
          checkLoss(x, r, columns, Kernels.label(labels[r]), after[3][r], what);
        }
        final float[] softmax =
            Kernels.run(
                what, 4, (mode, at) -> Softmax.of(mode).run(at[0], at[0], rows, columns), x)[0];
        Kernels.assertSameBits(softmax, after[2], what + " probabilities");
        final float[][] inPlace =
            Kernels.run(
                what + " in place",
                4,
                (mode, at) ->
                    SoftmaxCrossEntropy.of(mode).run(at[0], at[1], at[0], at[2], rows, columns),
                x,
                labels,
                Kernels.poison(rows));
        Kernels.assertSameBits(softmax, inPlace[0], what + " in place");
        Kernels.assertSameBits(after[3], inPlace[2], what + " loss in place");
      }
    }
  }

  private static void checkLoss(
      final float[] x,
      final int row,
      final int columns,
      final int label,
      final float actual,
      final String what) {
    double max = Double.NEGATIVE_INFINITY;
    for (int c = 0; c < columns; c++) {
      max = Math.max(max, x[row * columns + c]);
    }
    double sum = 0;
    for (int c = 0; c < columns; c++) {
      sum += Math.exp(x[row * columns + c] - max);
    }
    final double logSum = Math.log(sum);
    final double labelled = x[row * columns + label] - max;
    // The sum's relative error, and that of x - max in it, become absolute in the logarithm.
    final double tolerance =
        0x1p-18
            + (Kernels.additions(columns) + 4) * Kernels.EPSILON
            + 3 * Kernels.EPSILON * (logSum - labelled);
    Kernels.assertClose(logSum - labelled, actual, tolerance, what + " row " + row);
  }

  @Test
  void shouldKeepTheLossExactWhereTheProbabilityIsZero() {
    final float[] x = {0f, 200f, -1e30f, 5f, 5f, 5f};
    final float[] labels = {Float.intBitsToFloat(0), Float.intBitsToFloat(2)};
    final float[] loss =
        Kernels.run(
            "certain",
            0,
            (mode, at) -> SoftmaxCrossEntropy.of(mode).run(at[0], at[1], at[2], at[3], 2, 3),
            x,
            labels,
            Kernels.poison(6),
            Kernels.poison(2))[3];
    assertEquals(200f, loss[0]);
    assertEquals((float) Math.log(3), loss[1]);
  }

  @Test
  void shouldComputeTheGradientOfSoftmaxCrossEntropy() {
    for (final int columns : Kernels.COUNTS) {
      for (final int rows : ROWS) {
        final float[] p = Kernels.normal(SEED + columns, rows * columns, 1);
        final float[] labels = Kernels.labels(SEED, rows, columns);
        final float[] dRows = Kernels.normal(SEED - columns, rows, 1);
        final float[] expected = new float[p.length];
        for (int i = 0; i < p.length; i++) {
          final boolean labelled = i % columns == Kernels.label(labels[i / columns]);
          expected[i] = (labelled ? p[i] - 1f : p[i]) * dRows[i / columns];
        }
        final String what = "cross-entropy gradient (" + rows + "," + columns + "), seed " + SEED;
        final float[][] apart =
            Kernels.run(
                what,
                4,
                (mode, at) ->
                    SoftmaxCrossEntropyGradient.of(mode)
                        .run(at[0], at[1], at[2], at[3], rows, columns),
                p,
                labels,
                dRows,
                Kernels.poison(p.length));
        Kernels.assertSameBits(p, apart[0], what + " probabilities");
        Kernels.assertSameBits(expected, apart[3], what);
        final float[][] inPlace =
            Kernels.run(
                what + " in place",
                4,
                (mode, at) ->
                    SoftmaxCrossEntropyGradient.of(mode)
                        .run(at[0], at[1], at[2], at[0], rows, columns),
                p,
                labels,
                dRows);
        Kernels.assertSameBits(expected, inPlace[0], what + " in place");
      }
    }
  }
}
