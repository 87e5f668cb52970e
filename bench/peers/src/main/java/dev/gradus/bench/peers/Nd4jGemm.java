package dev.gradus.bench.peers;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A product by ND4J. Its {@code gemm} has columns first, so it is handed the same memory as the
 * transposed product {@code C^T = op(B)^T op(A)^T}, and copies nothing.
 */
final class Nd4jGemm implements GemmCall {
  private static final char COLUMNS_FIRST = 'f';

  private final GemmTask task;
  private final INDArray a;
  private final INDArray b;
  private final INDArray c;

  Nd4jGemm(final GemmTask task) {
    Nd4jBackend.load();
    this.task = task;
    this.a = turned(task.a, task.lda());
    this.b = turned(task.b, task.ldb());
    this.c = Nd4j.createUninitialized(new long[] {task.n, task.m}, COLUMNS_FIRST);
  }

  /** A row-major matrix of that many columns as its transpose, columns first. */
  private static INDArray turned(final float[] values, final int columns) {
    return Nd4j.create(values, new long[] {columns, values.length / columns}, COLUMNS_FIRST);
  }

  @Override
  public void multiply() {
    Nd4j.gemm(b, a, c, task.transposeB(), task.transposeA(), 1, 0);
  }

  @Override
  public float[] result() {
    return c.data().asFloat();
  }

  @Override
  public void close() {
    a.close();
    b.close();
    c.close();
  }
}
