package dev.gradus.graph.op;

import dev.gradus.gemm.Epilogue;
import dev.gradus.gemm.GemmKernel;
import dev.gradus.gemm.GemmSpec;
import dev.gradus.graph.Backend;
import dev.gradus.graph.Step;
import dev.gradus.kernel.Fill;
import dev.gradus.memory.Shape;
import dev.gradus.memory.Slab;
import dev.gradus.parallel.ParallelTask;
import dev.gradus.parallel.WorkerTeam;

/**
 * Goes through the steps of sequences, one after the other. The batch is cut into chunks of a few
 * rows, as many as the threads share evenly; each chunk goes through all its steps on one thread,
 * so that threads wait for each other once in a run and not in every step. No row knows of another,
 * so the cut changes no bit.
 */
abstract class SequenceStep implements Step, ParallelTask {
  /** The most rows of a chunk: what a step touches stays in the second-level cache. */
  static final int MOST_ROWS = 32;

  /**
   * Rows of a chunk, at least, where there are as many: enough for the product with the state's
   * weights to use each weight it loads several times.
   */
  private static final int LEAST_ROWS = 16;

  final Recurrence op;
  final int steps;
  final int units;
  final long zeros; // a block of them

  private final WorkerTeam team;
  private final Fill fill;
  private final long products;
  private final long productStride;
  private final long packed;
  private final Shape shape;
  private int rows;
  private int chunks;
  private boolean packs;

  /**
   * Sets what is common.
   *
   * @param h shape (N,T,units).
   * @param scratch of {@link #scratchBytes}.
   * @param products the kernel with the largest scratch.
   */
  SequenceStep(
      final Recurrence op,
      final Backend backend,
      final Shape h,
      final long scratch,
      final GemmKernel products) {
    this.op = op;
    this.shape = h;
    this.steps = h.dim(1);
    this.units = h.last();
    this.team = backend.team();
    this.fill = Fill.of(backend.mode());
    this.zeros = scratch;
    this.products = scratch + Slab.aligned((long) units * Float.BYTES);
    this.productStride = Slab.aligned(products.scratchBytes());
    this.packed = this.products + productStride * team.threads();
  }

  /** Sequences in a run. */
  static long rows(final Shape h, final int batchRows) {
    return h.elements(batchRows) / h.rowElements();
  }

  /** A block of zeros, the products' scratch for each worker, and the weights, packed. */
  static long scratchBytes(final int units, final GemmKernel products, final Backend backend) {
    return Slab.aligned((long) units * Float.BYTES)
        + Slab.aligned(products.scratchBytes()) * backend.team().threads()
        + Slab.aligned(products.packedBytes());
  }

  /** A product of the few rows of a chunk. */
  static GemmKernel product(
      final Backend backend,
      final long rows,
      final int n,
      final int k,
      final boolean transposeB,
      final float beta,
      final int lda,
      final int ldc) {
    return backend
        .gemm()
        .prepare(
            new GemmSpec(
                (int) Math.min(MOST_ROWS, rows),
                n,
                k,
                false,
                transposeB,
                1f,
                beta,
                lda,
                transposeB ? k : n,
                ldc,
                Epilogue.NONE),
            backend.team().threads(),
            backend.mode());
  }

  @Override
  public final void run(final int batchRows) {
    rows = Math.toIntExact(rows(shape, batchRows));
    fill.run(zeros, 0f, units);
    before();
    final int threads = team.threads();
    final int shared = Math.ceilDiv(Math.ceilDiv(rows, MOST_ROWS), threads) * threads;
    chunks = Math.min(Math.ceilDiv(rows, LEAST_ROWS), shared);
    team.run(this, chunks);
  }

  @Override
  public final void runChunk(final int chunk, final int worker) {
    final int from = start(chunk);
    sequence(from, start(chunk + 1) - from, worker);
  }

  private int start(final int chunk) {
    return (int) ((long) rows * chunk / chunks);
  }

  /** What a run needs once, before its chunks. */
  abstract void before();

  /** All steps of {@code count} rows. */
  abstract void sequence(int from, int count, int worker);

  /**
   * Packs the weights once for the products of all steps and chunks: 26 us instead of 34 for a
   * product of 16x512x128 on one thread of a Zen 3, as rows 2 KiB apart fall into the same sets of
   * the first-level cache. A single row reads each weight once anyway, unless transposed.
   */
  final void pack(final GemmKernel kernel, final long weights, final boolean transposeB) {
    packs = kernel.packedBytes() > 0 && (rows > 1 || transposeB);
    if (packs) {
      kernel.pack(weights, packed);
    }
  }

  /** One product on this thread. */
  final void multiply(
      final GemmKernel kernel,
      final int worker,
      final int m,
      final int n,
      final int k,
      final long a,
      final long b,
      final long c) {
    final long own = products + worker * productStride;
    if (packs) {
      kernel.runPacked(worker, m, a, packed, c, 0, own);
    } else {
      kernel.run(worker, m, n, k, a, b, c, 0, own);
    }
  }

  /** The address of a row's block at a step of a tensor (N,T,width). */
  final long at(final long tensor, final long row, final long step, final long width) {
    return tensor + (row * steps + step) * width * Float.BYTES;
  }

  /** The step that comes at a position in the order of computation. */
  final int stepAt(final int position) {
    return op.reverse() ? steps - 1 - position : position;
  }

  /** The address of the state before the first step; 0 where none is carried. */
  final long block(final long state, final long row, final long index) {
    return state == 0
        ? zeros
        : state + (row * op.cell().stateBlocks() + index) * units * Float.BYTES;
  }
}
