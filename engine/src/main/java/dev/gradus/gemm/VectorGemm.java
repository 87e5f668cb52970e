package dev.gradus.gemm;

/**
 * The product on SIMD: C is cut into tasks by {@link Blocking}, each of which packs what it needs
 * into its worker's own memory, so that workers never wait for each other.
 *
 * <p>Every element of C is {@code fma(alpha * a[i,k-1], b[k-1,j], ... fma(alpha * a[i,0], b[0,j],
 * c0))} with c0 = 0, the bias, or {@code beta * c}. So its bits depend neither on tasks, tiles, the
 * width of vectors nor the number of rows in the run, and {@link ScalarGemm} gives the same.
 *
 * <p>Source: Goto and van de Geijn, Anatomy of High-Performance Matrix Multiplication, 2008, for
 * the blocking.
 */
final class VectorGemm implements GemmKernel {
  static final String NAME =
      "java " + Tile.ROWS + "x" + Tile.COLUMNS + " " + Tile.LANES * Float.SIZE + "-bit";

  private final GemmSpec spec;
  private final VectorGemmWorker[] workers;
  private final int mostTasks;

  VectorGemm(final GemmSpec spec, final int workerCount) {
    this.spec = spec;
    this.mostTasks = Blocking.mostTasks(workerCount);
    this.workers = new VectorGemmWorker[workerCount];
    for (int i = 0; i < workerCount; i++) {
      workers[i] = new VectorGemmWorker(spec);
    }
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
    workers[worker].run(task, mostTasks, m, n, k, a, b, c, aux, scratch);
  }

  /** In one piece: each task would pack what it reads for itself. */
  @Override
  public void run(
      final int worker,
      final int m,
      final int n,
      final int k,
      final long a,
      final long b,
      final long c,
      final long aux,
      final long scratch) {
    if (m > 0 && n > 0) {
      workers[worker].run(0, 1, m, n, k, a, b, c, aux, scratch);
    }
  }

  @Override
  public long packedBytes() {
    return VectorGemmWorker.packedBytes(spec);
  }

  @Override
  public void pack(final long b, final long packed) {
    workers[0].pack(spec.n(), spec.k(), b, packed);
  }

  @Override
  public void runPacked(
      final int worker,
      final int m,
      final long a,
      final long packed,
      final long c,
      final long aux,
      final long scratch) {
    workers[worker].runPacked(m, spec.n(), spec.k(), a, packed, c, aux, scratch);
  }

  @Override
  public long scratchBytes() {
    return VectorGemmWorker.scratchBytes(spec);
  }

  @Override
  public String description() {
    return NAME;
  }
}
