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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The mean over all elements: (n, ...) to [1]. With weights (n) as a last input, each element is
 * multiplied by the weight of its row first; the divisor stays the number of elements. Weights have
 * no gradient.
 *
 * @param counted whether a second input (n, ...), what each element counts, makes the divisor: its
 *     sum. Where that is 0 so are mean and gradient. Counts have no gradient.
 */
public record Mean(boolean counted) implements Op {
  /** Divided by the number of elements. */
  public Mean() {
    this(false);
  }

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

  /** 0 where nothing counts. */
  static float divided(final float total, final float divisor) {
    return divisor == 0f ? 0f : total / divisor;
  }

  @Override
  public List<TensorType> outputs(final List<TensorType> inputs) {
    final int unweighted = counted ? 2 : 1;
    if (inputs.size() != unweighted + 1) {
      Types.requireCount(name(), inputs, unweighted);
    }
    final TensorType x = inputs.get(0);
    Types.requireRank("input of " + name(), x, 1);
    if (counted) {
      Types.requireSame("counts of " + name(), x, inputs.get(1));
    }
    if (inputs.size() > unweighted) {
      Types.requireSame("weights of " + name(), weightType(x), inputs.get(unweighted));
    }
    return List.of(Types.SCALAR);
  }

  @Override
  public List<Value> gradient(final Graph graph, final Node node, final List<Value> dOutputs) {
    final List<Value> inputs = new ArrayList<>(node.inputs());
    inputs.add(0, dOutputs.get(0));
    final Value[] gradients = new Value[node.inputs().size()];
    gradients[0] = graph.apply(new MeanGradient(counted), inputs.toArray(Value[]::new));
    return Arrays.asList(gradients);
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
  private final class Whole implements Step {
    private final Sum sum;
    private final BinaryKernel multiply;
    private final Shape shape;
    private final long x;
    private final long counts;
    private final boolean weighted;
    private final long weights;
    private final long rowSums;
    private final long mean;

    Whole(final Node node, final Backend backend, final Placement placement) {
      this.sum = Sum.of(backend.mode());
      this.multiply = Multiply.of(backend.mode());
      this.shape = node.input(0).shape();
      this.x = placement.input(0);
      this.counts = counted ? placement.input(1) : 0;
      final int last = node.inputs().size() - 1;
      this.weighted = last == (counted ? 2 : 1);
      this.weights = weighted ? placement.input(last) : 0;
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
      final float total = sum.run(terms, rows);
      final long elements = rows * rowElements;
      OffHeap.setFloat(mean, divided(total, counted ? sum.run(counts, elements) : elements));
    }
  }
}
