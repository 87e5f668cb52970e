package dev.gradus.graph.op;

import dev.gradus.graph.Backend;
import dev.gradus.graph.Graph;
import dev.gradus.graph.Node;
import dev.gradus.graph.Op;
import dev.gradus.graph.Placement;
import dev.gradus.graph.Prepared;
import dev.gradus.graph.Value;
import dev.gradus.kernel.Fill;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.OffHeap;
import dev.gradus.memory.Shape;
import dev.gradus.memory.TensorType;
import java.util.List;

/** A dimension of 1 that is not the batch, repeated {@code count} times. */
public record Repeat(int axis, int count) implements Op {
  @Override
  public String name() {
    return "repeat";
  }

  @Override
  public List<TensorType> outputs(final List<TensorType> inputs) {
    Types.requireCount(name(), inputs, 1);
    Types.requireFloat("input of " + name(), inputs.get(0));
    final Shape shape = inputs.get(0).shape();
    Axes.require(name(), shape, axis);
    if (shape.dim(axis) != 1) {
      throw GradusException.mismatch("axis " + axis + " of input of " + name(), 1, shape);
    }
    return List.of(TensorType.float32(Axes.with(shape, axis, count)));
  }

  @Override
  public List<Value> gradient(final Graph graph, final Node node, final List<Value> dOutputs) {
    return List.of(graph.apply(new SumAxis(axis), dOutputs.get(0)));
  }

  @Override
  public Prepared prepare(final Node node, final Backend backend, final int capacity) {
    return new Prepared("copy", placement -> new Blocks(this, node, backend, placement));
  }

  @Override
  public long flops(final Node node, final int rows) {
    return 0;
  }

  private static final class Blocks extends RangeStep {
    private final Fill fill;
    private final Shape shape;
    private final int axis;
    private final int count;
    private final long inner;
    private final long x;
    private final long out;

    Blocks(final Repeat repeat, final Node node, final Backend backend, final Placement placement) {
      super(backend.team());
      this.fill = Fill.of(backend.mode());
      this.shape = node.output().shape();
      this.axis = repeat.axis;
      this.count = repeat.count;
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
      final long bytes = inner * Float.BYTES;
      for (long block = from; block < to; block++) {
        long target = out + block * count * bytes;
        if (inner == 1) {
          fill.run(target, OffHeap.getFloat(x + block * bytes), count);
        } else {
          for (int i = 0; i < count; i++) {
            OffHeap.copy(x + block * bytes, target, bytes);
            target += bytes;
          }
        }
      }
    }
  }
}
