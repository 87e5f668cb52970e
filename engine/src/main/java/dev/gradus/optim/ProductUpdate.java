package dev.gradus.optim;

import dev.gradus.gemm.Epilogue;
import dev.gradus.gemm.GemmKernel;
import dev.gradus.gemm.GemmSpec;
import dev.gradus.gemm.JavaGemm;
import dev.gradus.graph.Backend;
import dev.gradus.graph.Graph;
import dev.gradus.graph.Node;
import dev.gradus.graph.Op;
import dev.gradus.graph.Placement;
import dev.gradus.graph.Prepared;
import dev.gradus.graph.Step;
import dev.gradus.graph.Value;
import dev.gradus.graph.op.MatMul;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.Shape;
import dev.gradus.memory.Slab;
import dev.gradus.memory.TensorType;
import dev.gradus.parallel.ParallelTask;
import dev.gradus.parallel.WorkerTeam;
import java.util.ArrayList;
import java.util.List;

/**
 * Applies an optimizer to weights whose gradient is {@code a^T b}, in place, some rows of the
 * gradient at a time: it never leaves the first-level cache, and no more of it has memory. Inputs:
 * the weights (m,n), a (...,m), b (...,n) and, where the optimizer keeps anything, its state. No
 * outputs. The product is {@link JavaGemm}'s whatever the backend: calls of a BLAS would cost more
 * than blocks so small. Bits are those of {@link MatMul} by it and {@link Update}.
 */
public record ProductUpdate(Update update) implements Op {
  /** Floats of the gradient at a time: a quarter of a first-level cache of 32 KiB. */
  private static final int BLOCK_FLOATS = 1 << 11;

  @Override
  public String name() {
    return update.name() + "_product";
  }

  @Override
  public List<TensorType> outputs(final List<TensorType> inputs) {
    if (inputs.size() < 3) {
      throw GradusException.outOfRange("number of inputs of " + name(), "3 or more", inputs.size());
    }
    final List<TensorType> apart = new ArrayList<>(inputs);
    apart.subList(1, 3).clear();
    apart.add(1, MatMul.TRANSPOSE_A.outputs(inputs.subList(1, 3)).getFirst());
    return update.outputs(apart);
  }

  @Override
  public List<Value> gradient(final Graph graph, final Node node, final List<Value> dOutputs) {
    throw new IllegalStateException(name() + " is added after differentiation");
  }

  @Override
  public Prepared prepare(final Node node, final Backend backend, final int capacity) {
    final Shape weights = node.input(0).shape();
    final long steps = node.input(1).shape().vectors(capacity);
    if (steps > Integer.MAX_VALUE) {
      throw GradusException.outOfRange("rows of " + name(), "below 2^31", steps);
    }
    final int m = weights.dim(0);
    final int n = weights.last();
    final int rows = Math.min(m, Math.max(1, BLOCK_FLOATS / n));
    final GemmSpec spec =
        new GemmSpec(rows, n, (int) steps, true, false, 1f, 0f, m, n, n, Epilogue.NONE);
    final GemmKernel product =
        new JavaGemm().prepare(spec, backend.team().threads(), backend.mode());
    final long blockBytes = Slab.aligned((long) rows * n * Float.BYTES);
    return new Prepared(
        product.description() + " fused " + update.name(),
        (blockBytes + Slab.aligned(product.scratchBytes())) * backend.team().threads(),
        placement -> new Blocks(update, node, backend, product, rows, blockBytes, placement));
  }

  @Override
  public long flops(final Node node, final int rows) {
    final long products = 2 * node.input(1).shape().vectors(rows);
    return (products + update.optimizer().flopsPerElement()) * node.input(0).shape().elements(rows);
  }

  @Override
  public boolean mutates(final int input) {
    return input == 0 || input == 3;
  }

  private static final class Blocks implements Step, ParallelTask {
    private final WorkerTeam team;
    private final StepScalars scalars;
    private final Optimizer.UpdateKernel kernel;
    private final GemmKernel product;
    private final Shape aShape;
    private final int m;
    private final int n;
    private final int rowsPerBlock;
    private final int blocks;
    private final int blocksPerChunk;
    private final long weights;
    private final long a;
    private final long b;
    private final long state;
    private final long slotBytes;
    private final long scratch;
    private final long blockBytes;
    private final long scratchStride;
    private int steps;

    Blocks(
        final Update update,
        final Node node,
        final Backend backend,
        final GemmKernel product,
        final int rowsPerBlock,
        final long blockBytes,
        final Placement placement) {
      final Shape shape = node.input(0).shape();
      this.team = backend.team();
      this.scalars = update.scalars();
      this.kernel = update.optimizer().kernel(backend.mode());
      this.product = product;
      this.aShape = node.input(1).shape();
      this.m = shape.dim(0);
      this.n = shape.last();
      this.rowsPerBlock = rowsPerBlock;
      this.blocks = (m + rowsPerBlock - 1) / rowsPerBlock;
      this.blocksPerChunk = Math.max(1, UpdateStep.FAR_ELEMENTS / (rowsPerBlock * n));
      this.weights = placement.input(0);
      this.a = placement.input(1);
      this.b = placement.input(2);
      this.state = update.optimizer().slots() == 0 ? 0 : placement.input(3);
      this.slotBytes = Update.slotBytes(shape);
      this.scratch = placement.scratch();
      this.blockBytes = blockBytes;
      this.scratchStride = blockBytes + Slab.aligned(product.scratchBytes());
    }

    @Override
    public void run(final int rows) {
      if (scalars.updating()) {
        steps = (int) aShape.vectors(rows);
        team.run(this, (blocks + blocksPerChunk - 1) / blocksPerChunk);
      }
    }

    @Override
    public void runChunk(final int chunk, final int worker) {
      final long gradient = scratch + worker * scratchStride;
      final long more = gradient + blockBytes;
      final int first = chunk * blocksPerChunk;
      final int last = Math.min(blocks, first + blocksPerChunk);
      for (int block = first; block < last; block++) {
        final int row = block * rowsPerBlock;
        final int rows = Math.min(rowsPerBlock, m - row);
        final long from = (long) row * n * Float.BYTES;
        final long column = a + (long) row * Float.BYTES;
        product.run(worker, rows, n, steps, column, b, gradient, 0, more);
        kernel.run(
            weights + from, gradient, state + from, slotBytes, (long) rows * n, scalars.values());
      }
    }
  }
}
