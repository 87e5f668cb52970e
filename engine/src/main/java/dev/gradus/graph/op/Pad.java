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

/**
 * Zeros around a tensor along an axis that is not the batch: {@code before} of them ahead, and as
 * many behind as make the dimension {@code size}. The gradient of {@link Slice}.
 */
public record Pad(int axis, int before, int size) implements Op {
  @Override
  public String name() {
    return "pad";
  }

  @Override
  public List<TensorType> outputs(final List<TensorType> inputs) {
    Types.requireCount(name(), inputs, 1);
    Types.requireFloat("input of " + name(), inputs.get(0));
    final Shape shape = inputs.get(0).shape();
    Axes.require(name(), shape, axis);
    if (before < 0 || before > size - shape.dim(axis)) {
      throw GradusException.outOfRange(
          "axis " + axis + " of " + name() + " of " + shape + " to " + size,
          "0 or more zeros at both ends",
          before + " and " + (size - before - shape.dim(axis)));
    }
    return List.of(TensorType.float32(Axes.with(shape, axis, size)));
  }

  @Override
  public List<Value> gradient(final Graph graph, final Node node, final List<Value> dOutputs) {
    final int count = node.input(0).shape().dim(axis);
    return List.of(graph.apply(new Slice(axis, before, count), dOutputs.get(0)));
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
    private final long x;
    private final long xBytes;
    private final long beforeBytes;
    private final long out;
    private final long outBytes;

    Blocks(final Pad pad, final Node node, final Backend backend, final Placement placement) {
      super(backend.team());
      this.fill = Fill.of(backend.mode());
      this.axis = pad.axis;
      this.shape = node.output().shape();
      final long inner = Axes.behind(shape, axis) * Float.BYTES;
      this.x = placement.input(0);
      this.xBytes = node.input(0).shape().dim(axis) * inner;
      this.beforeBytes = pad.before * inner;
      this.out = placement.output(0);
      this.outBytes = pad.size * inner;
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
      final long behindBytes = outBytes - beforeBytes - xBytes;
      for (long block = from; block < to; block++) {
        final long target = out + block * outBytes;
        fill.run(target, 0f, beforeBytes / Float.BYTES);
        OffHeap.copy(x + block * xBytes, target + beforeBytes, xBytes);
        fill.run(target + beforeBytes + xBytes, 0f, behindBytes / Float.BYTES);
      }
    }
  }
}
