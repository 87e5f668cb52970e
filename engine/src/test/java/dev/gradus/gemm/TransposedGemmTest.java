package dev.gradus.gemm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gradus.kernel.KernelMode;
import org.junit.jupiter.api.Test;

/** The vector form against the scalar one, bit for bit. */
final class TransposedGemmTest {
  private final JavaGemm java = new JavaGemm();

  @Test
  void shouldGiveTheSameBitsWithFewColumns() {
    compareModesOfFewColumns();
  }

  /** A transposed and up to a vector of columns, of the spec's size and of smaller ones. */
  void compareModesOfFewColumns() {
    for (final int m : new int[] {32, 33, 47, 48, 301}) {
      for (final int n : new int[] {1, 3, 8, 10, 16}) {
        for (final int k : new int[] {16, 31, 300}) {
          for (final int gap : new int[] {0, 3}) {
            final GemmSpec spec =
                new GemmSpec(
                    m, n, k, true, false, 1f, 0f, m + gap, n + gap, n + gap, Epilogue.NONE);
            assertTrue(Tile.LANES < n || TransposedGemm.suits(spec), spec.toString());
            compareModes(spec, m, n, k);
            compareModes(spec, 5, n, k - 1);
            compareModes(spec, m - 1, Math.max(1, n - 1), 0);
          }
        }
      }
    }
  }

  private void compareModes(final GemmSpec spec, final int m, final int n, final int k) {
    final String what = spec + ", run with " + m + "x" + n + "x" + k;
    try (GemmOperands scalar = new GemmOperands(spec, m, n, k, 11);
        GemmOperands vector = new GemmOperands(spec, m, n, k, 11)) {
      scalar.poisonC();
      vector.poisonC();
      final float[] expected = scalar.run(java.prepare(spec, 1, KernelMode.SCALAR));
      assertArrayEquals(expected, vector.run(java.prepare(spec, 1, KernelMode.VECTOR)), what);
      vector.assertCanaries(what);
    }
  }
}
