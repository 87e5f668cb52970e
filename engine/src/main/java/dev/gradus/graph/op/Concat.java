package dev.gradus.graph.op;

import dev.gradus.graph.Backend;
import dev.gradus.graph.Graph;
import dev.gradus.graph.Node;
import dev.gradus.graph.Op;
import dev.gradus.graph.Placement;
import dev.gradus.graph.Prepared;
import dev.gradus.graph.Value;
import dev.gradus.memory.OffHeap;
import dev.gradus.memory.Shape;
import dev.gradus.memory.TensorType;
import java.util.ArrayList;
import java.util.List;

/**
 * Tensors side by side along an axis that is not the batch: (...,a,...), (...,b,...), ... to
 * (...,a+b+...,...). All other dimensions are the same.
 */
public record Concat(int axis) implements Op {
  @Override
  public String name() {
    return "concat";
  }

  @Override
  public List<TensorType> outputs(final List<TensorType> inputs) {
    if (inputs.isEmpty()) {
      Types.requireCount(name(), inputs, 1);
    }
    final Shape first = inputs.get(0).shape();
    Axes.require(name(), first, axis);
    int size = 0;
    for (final TensorType input : inputs) {
      Types.requireFloat("input of " + name(), input);
      if (input.shape().rank() == first.rank()) {
        size = Math.addExact(size, input.shape().dim(axis));
      }
    }
    for (final TensorType input : inputs) {
      Types.requireSame(
          "input of " + name() + " along axis " + axis,
          TensorType.float32(first),
          input.shape().rank() == first.rank()
              ? TensorType.float32(Axes.with(input.shape(), axis, first.dim(axis)))
              : input);
    }
    return List.of(TensorType.float32(Axes.with(first, axis, size)));
  }

  @Override
  public List<Value> gradient(final Graph graph, final Node node, final List<Value> dOutputs) {
    final List<Value> gradients = new ArrayList<>();
    int from = 0;
    for (final Value input : node.inputs()) {
      final int count = input.shape().dim(axis);
      gradients.add(graph.apply(new Slice(axis, from, count), dOutputs.get(0)));
      from += count;
    }
    return gradients;
  }

  @Override
  public Prepared prepare(final Node node, final Backend backend, final int capacity) {
    return new Prepared("copy", placement -> new Blocks(axis, node, backend, placement));
  }

  @Override
  public long flops(final Node node, final int rows) {
    return 0;
  }

  private static final class Blocks extends RangeStep {
    private final Shape shape;
    private final int axis;
    private final long out;
    private final long outBytes;
    private final long[] inputs;
    private final long[] bytes;

    Blocks(final int axis, final Node node, final Backend backend, final Placement placement) {
      super(backend.team());
      this.axis = axis;
      this.shape = node.output().shape();
      final long inner = Axes.behind(shape, axis) * Float.BYTES;
      this.out = placement.output(0);
      this.outBytes = shape.dim(axis) * inner;
      this.inputs = new long[node.inputs().size()];
      this.bytes = new long[inputs.length];
      for (int i = 0; i < inputs.length; i++) {
        inputs[i] = placement.input(i);
        bytes[i] = node.input(i).shape().dim(axis) * inner;
      }
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
        long target = out + block * outBytes;
        for (int i = 0; i < inputs.length; i++) {
          OffHeap.copy(inputs[i] + block * bytes[i], target, bytes[i]);
          target += bytes[i];
        }
      }
    }
  }
}
