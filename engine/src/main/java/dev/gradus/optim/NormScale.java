package dev.gradus.optim;

import dev.gradus.graph.Backend;
import dev.gradus.graph.Graph;
import dev.gradus.graph.Node;
import dev.gradus.graph.Op;
import dev.gradus.graph.Placement;
import dev.gradus.graph.Prepared;
import dev.gradus.graph.Value;
import dev.gradus.graph.op.RangeStep;
import dev.gradus.kernel.SumOfSquares;
import dev.gradus.memory.DType;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.OffHeap;
import dev.gradus.memory.Shape;
import dev.gradus.memory.TensorType;
import java.util.List;

/**
 * By what to multiply gradients so that the norm of all of them together is at most {@code
 * maxNorm}: {@code min(1, maxNorm / (norm + 1e-6))}, shape [1]. Inputs: all gradients. Their
 * squares are added in blocks of a fixed size, the blocks' sums in their order in double precision.
 *
 * <p>Source: Pascanu et al. 2013, as PyTorch's {@code clip_grad_norm_}.
 */
public record NormScale(double maxNorm) implements Op {
  private static final long BLOCK = 4096;
  private static final double EPSILON = 1e-6;

  @Override
  public String name() {
    return "norm_scale";
  }

  @Override
  public List<TensorType> outputs(final List<TensorType> inputs) {
    if (inputs.isEmpty()) {
      throw GradusException.mismatch("number of inputs of " + name(), "1 or more", 0);
    }
    for (final TensorType input : inputs) {
      if (input.dtype() != DType.FLOAT32 || input.shape().isBatched()) {
        throw GradusException.mismatch("input of " + name(), "float32 of fixed shape", input);
      }
    }
    return List.of(TensorType.float32(Shape.of(1)));
  }

  @Override
  public List<Value> gradient(final Graph graph, final Node node, final List<Value> dOutputs) {
    throw new IllegalStateException(name() + " is added after differentiation");
  }

  private static long blocks(final Value gradient) {
    return (gradient.shape().elements(1) + BLOCK - 1) / BLOCK;
  }

  @Override
  public Prepared prepare(final Node node, final Backend backend, final int capacity) {
    final long blocks = node.inputs().stream().mapToLong(NormScale::blocks).sum();
    return new Prepared(
        backend.mode() + " " + name(),
        blocks * Float.BYTES,
        placement -> new Blocks(maxNorm, blocks, node, backend, placement));
  }

  @Override
  public long flops(final Node node, final int rows) {
    return 2 * node.inputs().stream().mapToLong(input -> input.shape().elements(1)).sum();
  }

  private static final class Blocks extends RangeStep {
    private final SumOfSquares squares;
    private final double maxNorm;
    private final long[] gradients;
    private final long[] elements;
    private final long[] firstBlock;
    private final long blocks;
    private final long sums;
    private final long out;

    Blocks(
        final double maxNorm,
        final long blocks,
        final Node node,
        final Backend backend,
        final Placement placement) {
      super(backend.team());
      this.squares = SumOfSquares.of(backend.mode());
      this.maxNorm = maxNorm;
      this.blocks = blocks;
      final int count = node.inputs().size();
      this.gradients = new long[count];
      this.elements = new long[count];
      this.firstBlock = new long[count + 1];
      for (int i = 0; i < count; i++) {
        gradients[i] = placement.input(i);
        elements[i] = node.input(i).shape().elements(1);
        firstBlock[i + 1] = firstBlock[i] + blocks(node.input(i));
      }
      this.sums = placement.scratch();
      this.out = placement.output(0);
    }

    @Override
    protected long units(final int rows) {
      return blocks;
    }

    @Override
    protected long floatsPerUnit(final int rows) {
      return BLOCK;
    }

    @Override
    protected void range(final long from, final long to, final int rows) {
      int gradient = 0;
      for (long block = from; block < to; block++) {
        while (block >= firstBlock[gradient + 1]) {
          gradient++;
        }
        final long first = (block - firstBlock[gradient]) * BLOCK;
        final long count = Math.min(BLOCK, elements[gradient] - first);
        OffHeap.setFloat(
            sums + block * Float.BYTES,
            squares.run(gradients[gradient] + first * Float.BYTES, count));
      }
    }

    @Override
    public void run(final int rows) {
      super.run(rows);
      double sum = 0;
      for (long block = 0; block < blocks; block++) {
        sum += OffHeap.getFloat(sums + block * Float.BYTES);
      }
      OffHeap.setFloat(out, (float) Math.min(1, maxNorm / (Math.sqrt(sum) + EPSILON)));
    }
  }
}
