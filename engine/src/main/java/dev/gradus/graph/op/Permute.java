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
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Dimensions behind the first in another order: dimension {@code i + 1} of the output is dimension
 * {@code order[i]} of the input, as PyTorch's {@code permute(0, order...)}. {@code Permute([2, 1])}
 * transposes the matrix in each row of a batch.
 */
public record Permute(List<Integer> order) implements Op {
  public Permute {
    order = List.copyOf(order);
    final List<Integer> sorted = new ArrayList<>(order);
    Collections.sort(sorted);
    for (int i = 0; i < sorted.size(); i++) {
      if (sorted.get(i) != i + 1) {
        throw GradusException.mismatch("order of permute", "each of 1 to " + sorted.size(), order);
      }
    }
  }

  @Override
  public String name() {
    return "permute";
  }

  @Override
  public List<TensorType> outputs(final List<TensorType> inputs) {
    Types.requireCount(name(), inputs, 1);
    Types.requireFloat("input of " + name(), inputs.get(0));
    final Shape shape = inputs.get(0).shape();
    if (shape.rank() != order.size() + 1) {
      throw GradusException.mismatch("rank of input of " + name(), order.size() + 1, shape);
    }
    Shape permuted = shape;
    for (int i = 0; i < order.size(); i++) {
      permuted = Axes.with(permuted, i + 1, shape.dim(order.get(i)));
    }
    return List.of(TensorType.float32(permuted));
  }

  @Override
  public List<Value> gradient(final Graph graph, final Node node, final List<Value> dOutputs) {
    final List<Integer> back = new ArrayList<>(order);
    for (int i = 0; i < order.size(); i++) {
      back.set(order.get(i) - 1, i + 1);
    }
    return List.of(graph.apply(new Permute(back), dOutputs.get(0)));
  }

  @Override
  public Prepared prepare(final Node node, final Backend backend, final int capacity) {
    return new Prepared("gather", placement -> new Vectors(this, node, backend, placement));
  }

  @Override
  public long flops(final Node node, final int rows) {
    return 0;
  }

  /** Vectors of the output's last dimension, which lie in the input at even distances. */
  private static final class Vectors extends RowStep {
    private final long x;
    private final long out;
    private final int[] sizes;
    private final long[] strides;

    Vectors(
        final Permute permute, final Node node, final Backend backend, final Placement placement) {
      super(backend.team(), node.output().shape());
      this.x = placement.input(0);
      this.out = placement.output(0);
      final Shape in = node.input(0).shape();
      final Shape to = node.output().shape();
      this.sizes = new int[to.rank()];
      this.strides = new long[to.rank()];
      strides[0] = in.rowElements();
      for (int i = 1; i < sizes.length; i++) {
        sizes[i] = to.dim(i);
        strides[i] = Axes.behind(in, permute.order.get(i - 1));
      }
    }

    @Override
    protected void range(final long from, final long to, final int rows) {
      final int last = sizes.length - 1;
      final long step = strides[last] * Float.BYTES;
      for (long vector = from; vector < to; vector++) {
        long left = vector;
        long offset = 0;
        for (int axis = last - 1; axis > 0; axis--) {
          offset += left % sizes[axis] * strides[axis];
          left /= sizes[axis];
        }
        long source = x + (offset + left * strides[0]) * Float.BYTES;
        long target = at(out, vector);
        for (int i = 0; i < columns; i++) {
          OffHeap.setFloat(target, OffHeap.getFloat(source));
          source += step;
          target += Float.BYTES;
        }
      }
    }
  }
}
