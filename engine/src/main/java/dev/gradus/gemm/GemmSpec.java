package dev.gradus.gemm;

import dev.gradus.memory.GradusException;

/**
 * {@code C = alpha * op(A) * op(B) + beta * C}, then the epilogue; float32, row-major, {@code op}
 * the identity or the transpose. op(A) is m by k, op(B) k by n, C m by n. The leading dimensions
 * are the distances in elements between rows as stored. m, n and k are the largest the product is
 * run with; each run gives the actual ones. As in BLAS, {@code beta == 0} means that C is not read,
 * and {@code alpha == 0 or k == 0} that A and B are not.
 *
 * <p>Source: Level 3 Basic Linear Algebra Subprograms, Dongarra et al. 1990.
 */
public record GemmSpec(
    int m,
    int n,
    int k,
    boolean transposeA,
    boolean transposeB,
    float alpha,
    float beta,
    int lda,
    int ldb,
    int ldc,
    Epilogue epilogue) {

  public GemmSpec {
    if (m < 0 || n < 0 || k < 0) {
      throw GradusException.outOfRange(
          "m, n, k of a matrix product", "0 or more", m + "," + n + "," + k);
    }
    requireLeading("lda", lda, transposeA ? m : k);
    requireLeading("ldb", ldb, transposeB ? k : n);
    requireLeading("ldc", ldc, n);
  }

  private static void requireLeading(final String name, final int actual, final int least) {
    if (actual < Math.max(1, least)) {
      throw GradusException.outOfRange(name, Math.max(1, least) + " or more", actual);
    }
  }

  /** A product of dense matrices: alpha 1, no gaps between rows. */
  public static GemmSpec dense(
      final int m,
      final int n,
      final int k,
      final boolean transposeA,
      final boolean transposeB,
      final float beta,
      final Epilogue epilogue) {
    return new GemmSpec(
        m,
        n,
        k,
        transposeA,
        transposeB,
        1f,
        beta,
        Math.max(1, transposeA ? m : k),
        Math.max(1, transposeB ? k : n),
        Math.max(1, n),
        epilogue);
  }
}
