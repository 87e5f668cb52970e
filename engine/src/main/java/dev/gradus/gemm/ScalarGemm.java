package dev.gradus.gemm;

import dev.gradus.kernel.Fma;
import dev.gradus.kernel.KernelMode;
import dev.gradus.memory.OffHeap;

/**
 * The product in plain Java: what runs where the Vector API can't, and the simple form of what
 * {@link VectorGemm} computes, bit for bit: each element one chain of fused multiply-adds in the
 * order of k.
 *
 * <p>Eight columns at a time keep their sums in locals, so that a row of B is read once for eight
 * products and the chains overlap.
 */
final class ScalarGemm implements GemmKernel {
  private static final int WIDE = 8;

  private final GemmSpec spec;
  private final EpiloguePass epilogue;
  private final int mostTasks;

  ScalarGemm(final GemmSpec spec, final int workerCount) {
    this.spec = spec;
    this.epilogue = new EpiloguePass(spec.epilogue(), KernelMode.SCALAR);
    this.mostTasks = Blocking.mostTasks(workerCount);
  }

  @Override
  public int tasks(final int m, final int n, final int k) {
    return Blocking.tasks(m, n, k, mostTasks);
  }

  @Override
  public void runTask(
      final int task,
      final int worker,
      final int m,
      final int n,
      final int k,
      final long a,
      final long b,
      final long c,
      final long aux,
      final long scratch) {
    final int across = Blocking.tasksAcross(m, n, k, mostTasks);
    final int down = Blocking.tasksDown(m, n, k, mostTasks);
    final int rowFrom = Blocking.start(m, down, task / across);
    final int rowTo = Blocking.start(m, down, task / across + 1);
    final int from = Blocking.start(n, across, task % across);
    final int to = Blocking.start(n, across, task % across + 1);
    final long aRow = (spec.transposeA() ? 1L : spec.lda()) * Float.BYTES;
    final long aStep = (spec.transposeA() ? spec.lda() : 1L) * Float.BYTES;
    final long bStep = (spec.transposeB() ? 1L : spec.ldb()) * Float.BYTES;
    final long bColumn = (spec.transposeB() ? spec.ldb() : 1L) * Float.BYTES;
    final long cRow = (long) spec.ldc() * Float.BYTES;
    final long bias = spec.epilogue().bias() ? aux : 0;
    final int steps = spec.alpha() == 0f ? 0 : k;
    for (int i = rowFrom; i < rowTo; i++) {
      final long row = c + i * cRow;
      begin(row, bias, from, to);
      int j = from;
      for (; j + WIDE <= to; j += WIDE) {
        wide(steps, a + i * aRow, aStep, b + j * bColumn, bStep, bColumn, row + 4L * j);
      }
      for (; j < to; j++) {
        single(steps, a + i * aRow, aStep, b + j * bColumn, bStep, row + 4L * j);
      }
    }
    final long block = rowFrom * cRow + (long) from * Float.BYTES;
    epilogue.run(c + block, aux + block, cRow, rowTo - rowFrom, to - from);
  }

  /** What the chains start from: {@code beta * c}, the bias, or both. */
  private void begin(final long row, final long bias, final int from, final int to) {
    final float beta = spec.beta();
    for (int j = from; j < to; j++) {
      final long at = row + 4L * j;
      final float kept = beta == 0f ? 0f : beta * OffHeap.getFloat(at);
      final float value;
      if (bias == 0) {
        value = kept;
      } else {
        final float added = OffHeap.getFloat(bias + 4L * j);
        value = beta == 0f ? added : Fma.of(beta, OffHeap.getFloat(at), added);
      }
      OffHeap.setFloat(at, value);
    }
  }

  private void wide(
      final int steps,
      final long a,
      final long aStep,
      final long b,
      final long bStep,
      final long bColumn,
      final long c) {
    final float alpha = spec.alpha();
    float c0 = OffHeap.getFloat(c);
    float c1 = OffHeap.getFloat(c + 4);
    float c2 = OffHeap.getFloat(c + 8);
    float c3 = OffHeap.getFloat(c + 12);
    float c4 = OffHeap.getFloat(c + 16);
    float c5 = OffHeap.getFloat(c + 20);
    float c6 = OffHeap.getFloat(c + 24);
    float c7 = OffHeap.getFloat(c + 28);
    long aNext = a;
    long bNext = b;
    for (int step = 0; step < steps; step++) {
      final float x = alpha * OffHeap.getFloat(aNext);
      c0 = Fma.of(x, OffHeap.getFloat(bNext), c0);
      c1 = Fma.of(x, OffHeap.getFloat(bNext + bColumn), c1);
      c2 = Fma.of(x, OffHeap.getFloat(bNext + 2 * bColumn), c2);
      c3 = Fma.of(x, OffHeap.getFloat(bNext + 3 * bColumn), c3);
      c4 = Fma.of(x, OffHeap.getFloat(bNext + 4 * bColumn), c4);
      c5 = Fma.of(x, OffHeap.getFloat(bNext + 5 * bColumn), c5);
      c6 = Fma.of(x, OffHeap.getFloat(bNext + 6 * bColumn), c6);
      c7 = Fma.of(x, OffHeap.getFloat(bNext + 7 * bColumn), c7);
      aNext += aStep;
      bNext += bStep;
    }
    OffHeap.setFloat(c, c0);
    OffHeap.setFloat(c + 4, c1);
    OffHeap.setFloat(c + 8, c2);
    OffHeap.setFloat(c + 12, c3);
    OffHeap.setFloat(c + 16, c4);
    OffHeap.setFloat(c + 20, c5);
    OffHeap.setFloat(c + 24, c6);
    OffHeap.setFloat(c + 28, c7);
  }

  private void single(
      final int steps,
      final long a,
      final long aStep,
      final long b,
      final long bStep,
      final long c) {
    final float alpha = spec.alpha();
    float sum = OffHeap.getFloat(c);
    long aNext = a;
    long bNext = b;
    for (int step = 0; step < steps; step++) {
      sum = Fma.of(alpha * OffHeap.getFloat(aNext), OffHeap.getFloat(bNext), sum);
      aNext += aStep;
      bNext += bStep;
    }
    OffHeap.setFloat(c, sum);
  }

  @Override
  public String description() {
    return "java scalar";
  }
}
