package dev.gradus.graph.op;

import dev.gradus.gemm.Epilogue;
import dev.gradus.gemm.GemmKernel;
import dev.gradus.gemm.GemmSpec;
import dev.gradus.gemm.JavaGemm;
import dev.gradus.graph.Backend;
import dev.gradus.graph.Node;
import dev.gradus.graph.Placement;
import dev.gradus.graph.Prepared;
import dev.gradus.graph.Step;
import dev.gradus.kernel.Add;
import dev.gradus.kernel.BinaryKernel;
import dev.gradus.kernel.ColumnSum;
import dev.gradus.kernel.Fill;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.Shape;
import dev.gradus.memory.Slab;
import dev.gradus.parallel.ParallelTask;
import dev.gradus.parallel.WorkerTeam;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Computes {@link WeightGradients}. Both halves of dY's rows have sums of their own, which are
 * added in the end: on two threads each core reads the half that it is likely to have written. For
 * more threads tasks are ranges of dY's columns, then of the weights' rows. A task goes through its
 * rows of dY in blocks, each of which stays in the second-level cache while the sum and all
 * products read it.
 */
final class WeightGradientsStep implements Step, ParallelTask {
  /** Rows of dY in a block: as many steps as a product takes at a time. */
  private static final int BLOCK_ROWS = 288;

  /** Parts of dY's rows, where each has a block at least; else all are one. */
  private static final int PARTS = 2;

  /** Columns of a task, at least: fewer don't repay packing A for each. */
  private static final int TASK_COLUMNS = 128;

  /** Rows of the largest weights in a task, at least. */
  private static final int TASK_ROWS = 32;

  /** Floats that one task adds to others, about. */
  private static final int ADDED_FLOATS = 8 * 1024;

  private static final int LINE_FLOATS = 16;

  private final WorkerTeam team;
  private final List<GemmKernel> kernels;
  private final Shape shape;
  private final int columns;
  private final int blockRows;
  private final long dY;
  private final int[] widths;
  private final int widest;
  private final long[] a;
  private final long[][] weights; // of each part; the first's are the outputs
  private final long[] bias; // the same; 0 where there is none
  private final Fill fill;
  private final ColumnSum columnSum;
  private final BinaryKernel add;
  private final long sums; // of a block's columns, for each part
  private final long scratch;
  private final long scratchStride;
  private int rows;
  private int parts;
  private int across; // tasks of a part side by side
  private int down; // and below each other
  private boolean adding;

  private WeightGradientsStep(
      final WeightGradients op,
      final Node node,
      final Backend backend,
      final List<GemmKernel> kernels,
      final Placement placement) {
    this.team = backend.team();
    this.kernels = kernels;
    this.shape = node.input(0).shape();
    this.columns = shape.last();
    this.blockRows = backend.gemm() instanceof JavaGemm ? BLOCK_ROWS : Integer.MAX_VALUE;
    this.dY = placement.input(0);
    this.widths = widths(node);
    this.widest = Arrays.stream(widths).max().orElseThrow();
    this.a = new long[kernels.size()];
    this.weights = new long[PARTS][kernels.size()];
    this.bias = new long[PARTS];
    this.sums = placement.scratch();
    long next = sums + PARTS * bytes(columns);
    for (int i = 0; i < kernels.size(); i++) {
      a[i] = placement.input(i + 1);
      weights[0][i] = placement.output(i);
      weights[1][i] = next;
      next += bytes((long) widths[i] * columns);
    }
    if (op.bias()) {
      bias[0] = placement.output(kernels.size());
      bias[1] = next;
    }
    this.fill = Fill.of(backend.mode());
    this.columnSum = ColumnSum.of(backend.mode());
    this.add = Add.of(backend.mode());
    this.scratch = placement.scratch() + partBytes(node);
    this.scratchStride = stride(kernels);
  }

  static Prepared prepare(
      final WeightGradients op, final Node node, final Backend backend, final int capacity) {
    final Shape dY = node.input(0).shape();
    if (dY.vectors(capacity) > Integer.MAX_VALUE) {
      throw GradusException.outOfRange(
          "rows of " + op.name() + " of " + dY, "below 2^31", dY.vectors(capacity));
    }
    final List<GemmKernel> kernels = new ArrayList<>();
    for (int input = 1; input < node.inputs().size(); input++) {
      final GemmSpec spec =
          GemmSpec.dense(
              node.input(input).shape().last(),
              dY.last(),
              (int) dY.vectors(capacity),
              true,
              false,
              1f,
              Epilogue.NONE);
      kernels.add(backend.gemm().prepare(spec, backend.team().threads(), backend.mode()));
    }
    return new Prepared(
        kernels.get(0).description(),
        partBytes(node) + stride(kernels) * backend.team().threads(),
        placement -> new WeightGradientsStep(op, node, backend, kernels, placement));
  }

  /** Rows of each weights' gradient. */
  private static int[] widths(final Node node) {
    return node.inputs().stream().skip(1).mapToInt(a -> a.shape().last()).toArray();
  }

  private static long bytes(final long floats) {
    return Slab.aligned(floats * Float.BYTES);
  }

  /** The sums of blocks, and what the second part has of each gradient. */
  private static long partBytes(final Node node) {
    final int columns = node.input(0).shape().last();
    long bytes = (PARTS + 1L) * bytes(columns);
    for (final int width : widths(node)) {
      bytes += bytes((long) width * columns);
    }
    return bytes;
  }

  private static long stride(final List<GemmKernel> kernels) {
    return Slab.aligned(kernels.stream().mapToLong(GemmKernel::scratchBytes).max().orElse(0));
  }

  @Override
  public void run(final int batchRows) {
    rows = (int) shape.vectors(batchRows);
    parts = rows / PARTS >= BLOCK_ROWS ? PARTS : 1;
    final int threads = team.threads();
    final int share = threads % parts == 0 ? threads / parts : threads;
    across = Math.clamp(columns / TASK_COLUMNS, 1, share);
    down = Math.clamp(widest / TASK_ROWS, 1, share / across);
    adding = false;
    team.run(this, parts * across * down);
    if (parts > 1) {
      adding = true;
      team.run(this, Math.ceilDiv(widest, addedRows()));
    }
  }

  @Override
  public void runChunk(final int task, final int worker) {
    if (adding) {
      addPart(task * addedRows());
    } else {
      compute(task / (across * down), task / across % down, task % across, worker);
    }
  }

  private void compute(final int part, final int band, final int stripe, final int worker) {
    final int from = column(stripe);
    final int count = column(stripe + 1) - from;
    clear(part, band, from, count);
    final int first = start(rows, parts, part);
    final int partRows = start(rows, parts, part + 1) - first;
    final int blocks = Math.max(1, Math.ceilDiv(partRows, blockRows));
    for (int block = 0; block < blocks; block++) {
      final int row = first + start(partRows, blocks, block);
      final int end = first + start(partRows, blocks, block + 1);
      if (band == 0 && bias[part] != 0) {
        addSums(part, row, end - row, from, count);
      }
      addProducts(part, row, end - row, band, from, count, worker);
    }
  }

  /** Where a piece starts of several as even as possible. */
  private static int start(final int size, final int pieces, final int index) {
    return (int) ((long) size * index / pieces);
  }

  /** The first column of a stripe, at a whole cache line. */
  private int column(final int stripe) {
    final int lines = Math.ceilDiv(columns, LINE_FLOATS);
    return Math.min(columns, start(lines, across, stripe) * LINE_FLOATS);
  }

  private void clear(final int part, final int band, final int from, final int count) {
    for (int i = 0; i < widths.length; i++) {
      for (int row = start(widths[i], down, band); row < start(widths[i], down, band + 1); row++) {
        fill.run(weights[part][i] + ((long) row * columns + from) * Float.BYTES, 0f, count);
      }
    }
    if (band == 0 && bias[part] != 0) {
      fill.run(bias[part] + (long) from * Float.BYTES, 0f, count);
    }
  }

  /** Comes first: reading row after row is the fastest way to bring the block into the cache. */
  private void addSums(
      final int part, final int row, final int count, final int from, final int width) {
    final long block = dY + (long) row * columns * Float.BYTES;
    final long own = sums + part * bytes(columns);
    final long left = (long) from * Float.BYTES;
    columnSum.run(block, count, columns, from, from + width, own);
    add.run(bias[part] + left, own + left, bias[part] + left, width);
  }

  private void addProducts(
      final int part,
      final int row,
      final int count,
      final int band,
      final int from,
      final int width,
      final int worker) {
    final long b = dY + ((long) row * columns + from) * Float.BYTES;
    final long own = scratch + worker * scratchStride;
    for (int i = 0; i < widths.length; i++) {
      final int first = start(widths[i], down, band);
      final int height = start(widths[i], down, band + 1) - first;
      final long left = a[i] + ((long) row * widths[i] + first) * Float.BYTES;
      final long c = weights[part][i] + ((long) first * columns + from) * Float.BYTES;
      kernels.get(i).run(worker, height, width, count, left, b, c, 0, own);
    }
  }

  /** Rows of each gradient that a task adds up. */
  private int addedRows() {
    return Math.max(1, ADDED_FLOATS / columns);
  }

  /** Adds the second part's to the first's, of some rows of each gradient. */
  private void addPart(final int fromRow) {
    for (int i = 0; i < widths.length; i++) {
      final long count = Math.min(widths[i] - fromRow, addedRows()) * (long) columns;
      if (count > 0) {
        final long left = (long) fromRow * columns * Float.BYTES;
        add.run(weights[0][i] + left, weights[1][i] + left, weights[0][i] + left, count);
      }
    }
    if (fromRow == 0 && bias[0] != 0) {
      add.run(bias[0], bias[1], bias[0], columns);
    }
  }
}
