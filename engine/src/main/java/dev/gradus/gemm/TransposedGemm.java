package dev.gradus.gemm;

import dev.gradus.memory.Slab;

/**
 * A product of few columns with A transposed, as a layer of few outputs has for its weights'
 * gradient, computed as its transpose: in {@code C^T = B^T A} the vectors lie along m, where all of
 * their lanes are used and A is read as it lies. Each element is the same chain of fused
 * multiply-adds, so the bits are those of {@link VectorGemm}.
 */
final class TransposedGemm implements GemmKernel {
  /** Fewer steps don't pay for turning C. */
  private static final int LEAST_STEPS = 16;

  /** Elements of C for which C^T stays in the second-level cache. */
  private static final int MOST_ELEMENTS = 1 << 16;

  private final VectorGemm turned;
  private final long turnedRow;
  private final long turnedBytes;
  private final long cRow;

  TransposedGemm(final GemmSpec spec, final int workers) {
    this.turned = new VectorGemm(turned(spec), workers);
    this.turnedRow = (long) spec.m() * Float.BYTES;
    this.turnedBytes = Slab.aligned(spec.n() * turnedRow);
    this.cRow = (long) spec.ldc() * Float.BYTES;
  }

  private static GemmSpec turned(final GemmSpec spec) {
    return new GemmSpec(
        spec.n(),
        spec.m(),
        spec.k(),
        true,
        false,
        1f,
        0f,
        spec.ldb(),
        spec.lda(),
        spec.m(),
        Epilogue.NONE);
  }

  /** Whether this is the faster way to a product. */
  static boolean suits(final GemmSpec spec) {
    return spec.transposeA()
        && !spec.transposeB()
        && spec.n() <= Tile.LANES
        && spec.m() >= Tile.COLUMNS
        && (long) spec.m() * spec.n() <= MOST_ELEMENTS
        && spec.k() >= LEAST_STEPS
        && spec.alpha() == 1f
        && spec.beta() == 0f
        && spec.epilogue().kind() == Epilogue.Kind.NONE;
  }

  @Override
  public int tasks(final int m, final int n, final int k) {
    return turned.tasks(n, m, k);
  }

  /** Columns of C^T, which has too few rows to be cut below each other, as the rows of C. */
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
    final long square = scratch + turnedBytes;
    turned.runTask(task, worker, n, m, k, b, a, scratch, aux, square + Packing.SQUARE_BYTES);
    final int tasks = tasks(m, n, k);
    final int from = Blocking.startColumn(m, tasks, task);
    final int count = Blocking.startColumn(m, tasks, task + 1) - from;
    final long source = scratch + (long) from * Float.BYTES;
    Packing.turned(source, turnedRow, n, count, c + from * cRow, cRow, square);
  }

  @Override
  public long scratchBytes() {
    return turnedBytes + Packing.SQUARE_BYTES + turned.scratchBytes();
  }

  @Override
  public String description() {
    return turned.description();
  }
}
