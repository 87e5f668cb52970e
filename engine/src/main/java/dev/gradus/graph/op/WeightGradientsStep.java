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
 * Computes {@link WeightGradients}. A task is a range of dY's columns, cut further, where those are
 * few for the threads, by the rows of the weights. It goes through dY's rows in blocks, each of
 * which stays in the second-level cache while the sum and all products read it.
 */
final class WeightGradientsStep implements Step, ParallelTask {
  /** Rows of dY in a block: as many steps as a product takes at a time. */
  private static final int BLOCK_ROWS = 288;

  /** Columns of a task, at least: fewer don't repay packing A for each. */
  private static final int TASK_COLUMNS = 128;

  /** Rows of the largest weights in a task, at least. */
  private static final int TASK_ROWS = 32;

  private static final int LINE_FLOATS = 16;

  private final WorkerTeam team;
  private final List<GemmKernel> kernels;
  private final Shape shape;
  private final int columns;
  private final int blockRows;
  private final int across; // tasks side by side
  private final int down; // and below each other
  private final long dY;
  private final int[] widths;
  private final long[] a;
  private final long[] weights;
  private final long bias; // 0 where there is none
  private final Fill fill;
  private final ColumnSum columnSum;
  private final BinaryKernel add;
  private final long sums;
  private final long scratch;
  private final long scratchStride;
  private int rows;

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
    final int most = Arrays.stream(widths(node)).max().orElseThrow();
    this.across = Math.clamp(columns / TASK_COLUMNS, 1, team.threads());
    this.down = Math.clamp(most / TASK_ROWS, 1, team.threads() / across);
    this.dY = placement.input(0);
    this.widths = widths(node);
    this.a = new long[kernels.size()];
    this.weights = new long[kernels.size()];
    for (int i = 0; i < kernels.size(); i++) {
      a[i] = placement.input(i + 1);
      weights[i] = placement.output(i);
    }
    this.bias = op.bias() ? placement.output(kernels.size()) : 0;
    this.fill = Fill.of(backend.mode());
    this.columnSum = ColumnSum.of(backend.mode());
    this.add = Add.of(backend.mode());
    this.sums = placement.scratch();
    this.scratch = sums + sumBytes(columns);
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
        sumBytes(dY.last()) + stride(kernels) * backend.team().threads(),
        placement -> new WeightGradientsStep(op, node, backend, kernels, placement));
  }

  /** Rows of each weights' gradient. */
  private static int[] widths(final Node node) {
    return node.inputs().stream().skip(1).mapToInt(a -> a.shape().last()).toArray();
  }

  private static long sumBytes(final int columns) {
    return Slab.aligned((long) columns * Float.BYTES);
  }

  private static long stride(final List<GemmKernel> kernels) {
    return Slab.aligned(kernels.stream().mapToLong(GemmKernel::scratchBytes).max().orElse(0));
  }

  @Override
  public void run(final int batchRows) {
    rows = (int) shape.vectors(batchRows);
    team.run(this, across * down);
  }

  @Override
  public void runChunk(final int task, final int worker) {
    final int part = task / across;
    final int from = column(task % across);
    final int count = column(task % across + 1) - from;
    clear(part, from, count);
    final int blocks = Math.max(1, Math.ceilDiv(rows, blockRows));
    for (int block = 0; block < blocks; block++) {
      final int row = (int) ((long) rows * block / blocks);
      final int end = (int) ((long) rows * (block + 1) / blocks);
      if (part == 0 && bias != 0) {
        addSums(row, end - row, from, count);
      }
      addProducts(row, end - row, part, from, count, worker);
    }
  }

  /** The first column of a task, at a whole cache line. */
  private int column(final int task) {
    final int lines = Math.ceilDiv(columns, LINE_FLOATS);
    return Math.min(columns, (int) ((long) lines * task / across) * LINE_FLOATS);
  }

  /** The first row of a part of some weights' gradient. */
  private int weightRow(final int i, final int part) {
    return (int) ((long) widths[i] * part / down);
  }

  private void clear(final int part, final int from, final int count) {
    for (int i = 0; i < weights.length; i++) {
      for (int row = weightRow(i, part); row < weightRow(i, part + 1); row++) {
        fill.run(weights[i] + ((long) row * columns + from) * Float.BYTES, 0f, count);
      }
    }
    if (part == 0 && bias != 0) {
      fill.run(bias + (long) from * Float.BYTES, 0f, count);
    }
  }

  /** Comes first: reading row after row is the fastest way to bring the block into the cache. */
  private void addSums(final int row, final int count, final int from, final int width) {
    final long block = dY + (long) row * columns * Float.BYTES;
    final long left = (long) from * Float.BYTES;
    columnSum.run(block, count, columns, from, from + width, sums);
    add.run(bias + left, sums + left, bias + left, width);
  }

  private void addProducts(
      final int row,
      final int count,
      final int part,
      final int from,
      final int width,
      final int worker) {
    final long b = dY + ((long) row * columns + from) * Float.BYTES;
    final long own = scratch + worker * scratchStride;
    for (int i = 0; i < weights.length; i++) {
      final int first = weightRow(i, part);
      final int height = weightRow(i, part + 1) - first;
      final long left = a[i] + ((long) row * widths[i] + first) * Float.BYTES;
      final long c = weights[i] + ((long) first * columns + from) * Float.BYTES;
      kernels.get(i).run(worker, height, width, count, left, b, c, 0, own);
    }
  }
}
