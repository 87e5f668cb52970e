package dev.gradus.graph.op;

import dev.gradus.graph.Backend;
import dev.gradus.graph.Graph;
import dev.gradus.graph.Node;
import dev.gradus.graph.Op;
import dev.gradus.graph.Placement;
import dev.gradus.graph.Prepared;
import dev.gradus.graph.Step;
import dev.gradus.graph.Value;
import dev.gradus.kernel.Fill;
import dev.gradus.kernel.Sum;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.OffHeap;
import dev.gradus.memory.Shape;
import dev.gradus.memory.TensorType;
import java.util.List;

/**
 * {@code dX = dMean / divisor}, for every element, times its row's weight where there are weights;
 * from dMean [1] and the inputs of {@link Mean}, of the first of which only the shape counts.
 */
public record MeanGradient(boolean counted) implements Op {
  @Override
  public String name() {
    return "mean_gradient";
  }

  @Override
  public List<TensorType> outputs(final List<TensorType> inputs) {
    final int unweighted = counted ? 3 : 2;
    if (inputs.size() != unweighted + 1) {
      Types.requireCount(name(), inputs, unweighted);
    }
    Types.requireSame("loss gradient of " + name(), Types.SCALAR, inputs.get(0));
    new Mean(counted).outputs(inputs.subList(1, inputs.size()));
    return List.of(inputs.get(1));
  }

  @Override
  public List<Value> gradient(final Graph graph, final Node node, final List<Value> dOutputs) {
    throw new GradusException(name() + " has no second derivative: expected=a gradient taken once");
  }

  @Override
  public Prepared prepare(final Node node, final Backend backend, final int capacity) {
    return new Prepared(
        backend.mode() + " " + name(), placement -> new Whole(node, backend, placement));
  }

  @Override
  public long flops(final Node node, final int rows) {
    return node.inputs().size() == 2 ? 1 : node.output().shape().elements(rows);
  }

  @Override
  public boolean canOverwrite(final int input) {
    return input == 1;
  }

  private final class Whole implements Step {
    private final Fill fill;
    private final Shape shape;
    private final long dMean;
    private final Sum sum;
    private final long counts;
    private final boolean weighted;
    private final long weights;
    private final long dX;

    Whole(final Node node, final Backend backend, final Placement placement) {
      this.fill = Fill.of(backend.mode());
      this.shape = node.output().shape();
      this.dMean = placement.input(0);
      this.sum = Sum.of(backend.mode());
      this.counts = counted ? placement.input(2) : 0;
      final int last = node.inputs().size() - 1;
      this.weighted = last == (counted ? 3 : 2);
      this.weights = weighted ? placement.input(last) : 0;
      this.dX = placement.output(0);
    }

    @Override
    public void run(final int batchRows) {
      final long elements = shape.elements(batchRows);
      final float divisor = counted ? sum.run(counts, elements) : elements;
      final float each = Mean.divided(OffHeap.getFloat(dMean), divisor);
      if (!weighted) {
        fill.run(dX, each, elements);
        return;
      }
      final long rowElements = shape.rowElements();
      final long rows = elements / rowElements;
      for (long r = 0; r < rows; r++) {
        final float value = each * OffHeap.getFloat(weights + r * Float.BYTES);
        if (rowElements == 1) {
          OffHeap.setFloat(dX + r * Float.BYTES, value);
        } else {
          fill.run(dX + r * rowElements * Float.BYTES, value, rowElements);
        }
      }
    }
  }
}
