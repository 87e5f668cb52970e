package dev.gradus.graph.op;

import dev.gradus.graph.Backend;
import dev.gradus.graph.Graph;
import dev.gradus.graph.Node;
import dev.gradus.graph.Op;
import dev.gradus.graph.Placement;
import dev.gradus.graph.Prepared;
import dev.gradus.graph.Step;
import dev.gradus.graph.Value;
import dev.gradus.kernel.BinaryKernel;
import dev.gradus.kernel.Multiply;
import dev.gradus.kernel.Sum;
import dev.gradus.memory.OffHeap;
import dev.gradus.memory.Shape;
import dev.gradus.memory.TensorType;
import java.util.Arrays;
import java.util.List;

/**
 * The mean over all elements: (n, ...) to [1]. With weights (n) as a second input, each element is
 * multiplied by the weight of its row first; the divisor stays the number of elements. Weights have
 * no gradient.
 */
public record Mean() implements Op {
  @Override
  public String name() {
    return "mean";
  }

  /** The weights that go with a tensor: one for each row. */
  static TensorType weightType(final TensorType x) {
    final Shape shape = x.shape();
    return TensorType.float32(shape.isBatched() ? Shape.batched() : Shape.of(shape.dim(0)));
  }

  /** The rows in a run: those of the batch, or the first dimension where it is fixed. */
  static long rows(final Shape shape, final int batchRows) {
    return shape.elements(batchRows) / shape.rowElements();
  }

  @Override
  public List<TensorType> outputs(final List<TensorType> inputs) {
    if (inputs.size() != 2) {
      Types.requireCount(name(), inputs, 1);
    }
    Types.requireRank("input of " + name(), inputs.get(0), 1);
    if (inputs.size() == 2) {
      Types.requireSame("weights of " + name(), weightType(inputs.get(0)), inputs.get(1));
    }
    return List.of(Types.SCALAR);
  }

  @Override
  public List<Value> gradient(final Graph graph, final Node node, final List<Value> dOutputs) {
    final Op gradient = new MeanGradient();
    final Value dMean = dOutputs.get(0);
    final Value x = node.input(0);
    return node.inputs().size() == 1
        ? List.of(graph.apply(gradient, dMean, x))
        : Arrays.asList(graph.apply(gradient, dMean, x, node.input(1)), null);
  }

  @Override
  public Prepared prepare(final Node node, final Backend backend, final int capacity) {
    return new Prepared(
        backend.mode() + " " + name(),
        rows(node.input(0).shape(), capacity) * Float.BYTES,
        placement -> new Whole(node, backend, placement));
  }

  @Override
  public long flops(final Node node, final int rows) {
    return node.input(0).shape().elements(rows);
  }

  /** On the caller's thread: losses are a float or few for each row. */
  private static final class Whole implements Step {
    private final Sum sum;
    private final BinaryKernel multiply;
    private final Shape shape;
    private final long x;
    private final boolean weighted;
    private final long weights;
    private final long rowSums;
    private final long mean;

    Whole(final Node node, final Backend backend, final Placement placement) {
      this.sum = Sum.of(backend.mode());
      this.multiply = Multiply.of(backend.mode());
      this.shape = node.input(0).shape();
      this.x = placement.input(0);
      this.weighted = node.inputs().size() == 2;
      this.weights = weighted ? placement.input(1) : 0;
      this.rowSums = placement.scratch();
      this.mean = placement.output(0);
    }

    @Override
    public void run(final int batchRows) {
      final long rows = rows(shape, batchRows);
      final long rowElements = shape.rowElements();
      long terms = x;
      if (rowElements > 1) {
        for (long r = 0; r < rows; r++) {
          final float row = sum.run(x + r * rowElements * Float.BYTES, rowElements);
          OffHeap.setFloat(rowSums + r * Float.BYTES, row);
        }
        terms = rowSums;
      }
      if (weighted) {
        multiply.run(terms, weights, rowSums, rows);
        terms = rowSums;
      }
      OffHeap.setFloat(mean, sum.run(terms, rows) / (rows * rowElements));
    }
  }
}
