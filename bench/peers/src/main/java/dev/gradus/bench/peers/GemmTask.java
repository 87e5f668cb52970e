package dev.gradus.bench.peers;

import java.util.SplittableRandom;

/**
 * {@code C = op(A) op(B)}, row-major without gaps; op(A) is m by k, op(B) k by n, and stored
 * transposed where {@code transposes} says T: NN, TN, NT or TT.
 */
final class GemmTask {
  private static final long SEED = 20260101;

  final int m;
  final int n;
  final int k;
  final String transposes;
  final float[] a;
  final float[] b;

  private GemmTask(final int m, final int n, final int k, final String transposes) {
    final SplittableRandom random = new SplittableRandom(SEED);
    this.m = m;
    this.n = n;
    this.k = k;
    this.transposes = transposes;
    this.a = whole(random, m * k);
    this.b = whole(random, k * n);
  }

  /**
   * A task of small whole numbers, whose products and sums float32 holds exactly.
   *
   * @param shape as {@code 64x784x256 NT}: m, n, k and the transposes; NN where none are given.
   */
  static GemmTask of(final String shape) {
    final String[] words = shape.split(" ", -1);
    final String[] sizes = words[0].split("x", -1);
    final String transposes = words.length > 1 ? words[1] : "NN";
    if (words.length > 2 || sizes.length != 3 || !transposes.matches("[NT]{2}")) {
      throw new IllegalArgumentException("shape: expected=MxNxK [NN|TN|NT|TT], actual=" + shape);
    }
    return new GemmTask(
        Integer.parseInt(sizes[0]),
        Integer.parseInt(sizes[1]),
        Integer.parseInt(sizes[2]),
        transposes);
  }

  boolean transposeA() {
    return transposes.charAt(0) == 'T';
  }

  boolean transposeB() {
    return transposes.charAt(1) == 'T';
  }

  int lda() {
    return transposeA() ? m : k;
  }

  int ldb() {
    return transposeB() ? k : n;
  }

  double flops() {
    return 2.0 * m * n * k;
  }

  /**
   * @throws IllegalStateException where an element of C is not the exact sum.
   */
  void verify(final float[] c) {
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < n; j += Math.max(1, n / 16)) {
        double sum = 0;
        for (int p = 0; p < k; p++) {
          final double left = a[transposeA() ? p * m + i : i * k + p];
          sum += left * b[transposeB() ? j * k + p : p * n + j];
        }
        if (c[i * n + j] != sum) {
          throw new IllegalStateException(
              "C[" + i + "," + j + "]: expected=" + sum + ", actual=" + c[i * n + j]);
        }
      }
    }
  }

  private static float[] whole(final SplittableRandom random, final int count) {
    final float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = random.nextInt(-4, 5);
    }
    return values;
  }
}
