package dev.gradus.graph.op;

import dev.gradus.graph.Backend;
import dev.gradus.graph.Graph;
import dev.gradus.graph.Node;
import dev.gradus.graph.Op;
import dev.gradus.graph.Placement;
import dev.gradus.graph.Prepared;
import dev.gradus.graph.Value;
import dev.gradus.kernel.Sum;
import dev.gradus.memory.OffHeap;
import dev.gradus.memory.Shape;
import dev.gradus.memory.TensorType;
import java.util.List;

/** The sum along an axis that is not the batch, whose dimension becomes 1. */
public record SumAxis(int axis) implements Op {
  @Override
  public String name() {
    return "sum_axis";
  }

  @Override
  public List<TensorType> outputs(final List<TensorType> inputs) {
    Types.requireCount(name(), inputs, 1);
    Types.requireFloat("input of " + name(), inputs.get(0));
    Axes.require(name(), inputs.get(0).shape(), axis);
    return List.of(TensorType.float32(Axes.with(inputs.get(0).shape(), axis, 1)));
  }

  @Override
  public List<Value> gradient(final Graph graph, final Node node, final List<Value> dOutputs) {
    final int count = node.input(0).shape().dim(axis);
    return List.of(graph.apply(new Repeat(axis, count), dOutputs.get(0)));
  }

  @Override
  public Prepared prepare(final Node node, final Backend backend, final int capacity) {
    return new Prepared(
        backend.mode() + " " + name(), placement -> new Blocks(axis, node, backend, placement));
  }

  @Override
  public long flops(final Node node, final int rows) {
    return node.input(0).shape().elements(rows);
  }

  private static final class Blocks extends RangeStep {
    private final Sum sum;
    private final dev.gradus.kernel.ColumnSum columnSum;
    private final Shape shape;
    private final int axis;
    private final int count;
    private final long inner;
    private final long x;
    private final long out;

    Blocks(final int axis, final Node node, final Backend backend, final Placement placement) {
      super(backend.team());
      this.sum = Sum.of(backend.mode());
      this.columnSum = dev.gradus.kernel.ColumnSum.of(backend.mode());
      this.shape = node.input(0).shape();
      this.axis = axis;
      this.count = shape.dim(axis);
      this.inner = Axes.behind(shape, axis);
      this.x = placement.input(0);
      this.out = placement.output(0);
    }

    @Override
    protected long units(final int rows) {
      return Axes.before(shape, axis, rows);
    }

    @Override
    protected long floatsPerUnit(final int rows) {
      return count * inner;
    }

    @Override
    protected void range(final long from, final long to, final int rows) {
      for (long block = from; block < to; block++) {
        final long source = x + block * count * inner * Float.BYTES;
        final long target = out + block * inner * Float.BYTES;
        if (inner == 1) {
          OffHeap.setFloat(target, sum.run(source, count));
        } else {
          columnSum.run(source, count, inner, 0, inner, target);
        }
      }
    }
  }
}
