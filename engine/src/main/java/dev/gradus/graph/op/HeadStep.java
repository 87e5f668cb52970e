package dev.gradus.graph.op;

import dev.gradus.gemm.Epilogue;
import dev.gradus.gemm.GemmKernel;
import dev.gradus.gemm.GemmSpec;
import dev.gradus.graph.Backend;
import dev.gradus.graph.Step;
import dev.gradus.memory.Shape;
import dev.gradus.memory.Slab;
import dev.gradus.parallel.ParallelTask;
import dev.gradus.parallel.WorkerTeam;

/**
 * Goes through the heads of all sequences; each is a task of its own. Matrices of a head are read
 * where they lie: T rows of d columns, a whole row of the tensor apart.
 */
abstract class HeadStep implements Step, ParallelTask {
  final int heads;
  final int steps;
  final int features;
  final int d;

  private final WorkerTeam team;
  private final Shape shape;
  private final long products;
  private final long productStride;

  /**
   * Sets what is common.
   *
   * @param out shape (N,T,features).
   */
  HeadStep(
      final int heads,
      final Backend backend,
      final Shape out,
      final long scratch,
      final GemmKernel... kernels) {
    this.heads = heads;
    this.shape = out;
    this.steps = out.dim(1);
    this.features = out.last();
    this.d = features / heads;
    this.team = backend.team();
    this.products = scratch;
    this.productStride = stride(kernels);
  }

  /** Scratch of the products for each worker. */
  static long stride(final GemmKernel... kernels) {
    long most = 0;
    for (final GemmKernel kernel : kernels) {
      most = Math.max(most, Slab.aligned(kernel.scratchBytes()));
    }
    return most;
  }

  /** A product of matrices of a head. */
  static GemmKernel product(
      final Backend backend,
      final int m,
      final int n,
      final int k,
      final boolean transposeA,
      final boolean transposeB,
      final float alpha,
      final int lda,
      final int ldb,
      final int ldc) {
    final GemmSpec spec =
        new GemmSpec(m, n, k, transposeA, transposeB, alpha, 0f, lda, ldb, ldc, Epilogue.NONE);
    return backend.gemm().prepare(spec, backend.team().threads(), backend.mode());
  }

  static float scale(final int d) {
    return (float) (1 / Math.sqrt(d));
  }

  @Override
  public final void run(final int rows) {
    team.run(this, Math.toIntExact(shape.elements(rows) / shape.rowElements() * heads));
  }

  @Override
  public final void runChunk(final int chunk, final int worker) {
    head(chunk / heads, chunk % heads, worker);
  }

  /** One head of one sequence. */
  abstract void head(int row, int head, int worker);

  final void multiply(
      final GemmKernel kernel,
      final int worker,
      final int m,
      final int n,
      final int k,
      final long a,
      final long b,
      final long c) {
    kernel.run(worker, m, n, k, a, b, c, 0, products + worker * productStride);
  }

  /** The head's first element in a tensor (N,T,parts*features), in one of its parts. */
  final long at(final long tensor, final int row, final int head, final int part, final int parts) {
    final long vector = (long) row * steps * parts * features;
    return tensor + (vector + (long) part * features + (long) head * d) * Float.BYTES;
  }

  /** The head's matrix in a tensor (N,heads,T,T). */
  final long square(final long tensor, final int row, final int head) {
    return tensor + ((long) row * heads + head) * steps * steps * Float.BYTES;
  }
}
