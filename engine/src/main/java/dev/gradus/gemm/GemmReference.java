package dev.gradus.gemm;

import dev.gradus.memory.OffHeap;

/**
 * The product by its definition, in double precision: what every backend is measured against, at
 * start-up and in tests. The epilogue's bias is added; its activation or gradient is not, being
 * another kernel's affair.
 */
public final class GemmReference {
  /** Half a unit in the last place of 1. */
  private static final double EPSILON = 0x1p-24;

  private final double[] values;
  private final double[] tolerances;

  /**
   * Computes C from the operands as they are now, so before a backend overwrites C.
   *
   * @param spec the product; {@code m, n, k} the actual sizes.
   * @param aux n floats of bias where the epilogue adds one.
   */
  public GemmReference(
      final GemmSpec spec,
      final int m,
      final int n,
      final int k,
      final long a,
      final long b,
      final long c,
      final long aux) {
    this.values = new double[m * n];
    this.tolerances = new double[m * n];
    final double alpha = spec.alpha();
    final double beta = spec.beta();
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < n; j++) {
        double sum = beta == 0 ? 0 : beta * at(c, i, j, spec.ldc(), false);
        double magnitude = Math.abs(sum);
        if (spec.epilogue().bias()) {
          sum += at(aux, 0, j, n, false);
          magnitude += Math.abs(at(aux, 0, j, n, false));
        }
        for (int p = 0; alpha != 0 && p < k; p++) {
          final double x = at(a, i, p, spec.lda(), spec.transposeA());
          final double term = alpha * x * at(b, p, j, spec.ldb(), spec.transposeB());
          sum += term;
          magnitude += Math.abs(term);
        }
        values[i * n + j] = sum;
        // Each of k products and additions, and those of alpha, beta and bias, rounds once, by half
        // a unit in the
        // last place of at most the magnitude.
        tolerances[i * n + j] = (2.0 * k + 4) * EPSILON * magnitude + Float.MIN_VALUE;
      }
    }
  }

  private static double at(
      final long base, final int row, final int column, final int leading, final boolean swapped) {
    final long index = swapped ? (long) column * leading + row : (long) row * leading + column;
    return OffHeap.getFloat(base + index * Float.BYTES);
  }

  /** The exact element, to the precision of double, of the row-major m by n result. */
  public double value(final int index) {
    return values[index];
  }

  /** Whether {@code actual} is within rounding of the element; false for NaN. */
  public boolean accepts(final int index, final float actual) {
    return Math.abs(actual - values[index]) <= tolerances[index];
  }
}
