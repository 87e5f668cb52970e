package dev.gradus.graph.op;

import dev.gradus.graph.Backend;
import dev.gradus.graph.Graph;
import dev.gradus.graph.Node;
import dev.gradus.graph.Op;
import dev.gradus.graph.Placement;
import dev.gradus.graph.Prepared;
import dev.gradus.graph.Value;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.OffHeap;
import dev.gradus.memory.Shape;
import dev.gradus.memory.TensorType;
import java.util.List;

/** Positions {@code from} up to {@code from + count} along an axis that is not the batch. */
public record Slice(int axis, int from, int count) implements Op {
  @Override
  public String name() {
    return "slice";
  }

  @Override
  public List<TensorType> outputs(final List<TensorType> inputs) {
    Types.requireCount(name(), inputs, 1);
    Types.requireFloat("input of " + name(), inputs.get(0));
    final Shape shape = inputs.get(0).shape();
    Axes.require(name(), shape, axis);
    if (from < 0 || count < 1 || from > shape.dim(axis) - count) {
      throw GradusException.outOfRange(
          "axis " + axis + " of " + name() + " of " + shape,
          "0 to " + shape.dim(axis),
          from + " to " + (from + count));
    }
    return List.of(TensorType.float32(Axes.with(shape, axis, count)));
  }

  @Override
  public List<Value> gradient(final Graph graph, final Node node, final List<Value> dOutputs) {
    final int size = node.input(0).shape().dim(axis);
    return List.of(graph.apply(new Pad(axis, from, size), dOutputs.get(0)));
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
    private final Shape shape;
    private final int axis;
    private final long x;
    private final long xBytes;
    private final long fromBytes;
    private final long out;
    private final long outBytes;

    Blocks(final Slice slice, final Node node, final Backend backend, final Placement placement) {
      super(backend.team());
      this.axis = slice.axis;
      this.shape = node.output().shape();
      final long inner = Axes.behind(shape, axis) * Float.BYTES;
      this.x = placement.input(0);
      this.xBytes = node.input(0).shape().dim(axis) * inner;
      this.fromBytes = slice.from * inner;
      this.out = placement.output(0);
      this.outBytes = slice.count * inner;
    }

    @Override
    protected long units(final int rows) {
      return Axes.before(shape, axis, rows);
    }

    @Override
    protected long floatsPerUnit(final int rows) {
      return outBytes / Float.BYTES;
    }

    @Override
    protected void range(final long from, final long to, final int rows) {
      for (long block = from; block < to; block++) {
        OffHeap.copy(x + block * xBytes + fromBytes, out + block * outBytes, outBytes);
      }
    }
  }
}
