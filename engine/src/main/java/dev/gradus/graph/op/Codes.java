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
import dev.gradus.memory.TensorType;
import java.util.List;

/**
 * Categories that came as floats, column {@code c} of (...,columns) from 0 up to {@code sizes[c]},
 * as int32 rows of one table that holds those of all columns, one column's behind the other's. What
 * is no whole number in that range, NaN too, counts as category 0, so that no input leads outside
 * the table.
 */
public record Codes(List<Integer> sizes) implements Op {
  public Codes {
    sizes = List.copyOf(sizes);
    requireSizes(sizes);
  }

  /** Refuses sizes below 1, or so large that a table of all can't be. */
  public static void requireSizes(final List<Integer> sizes) {
    long sum = 0;
    for (final int size : sizes) {
      if (size < 1) {
        throw GradusException.outOfRange("categories of a column", "1 or more", size);
      }
      sum += size;
    }
    if (sum > Integer.MAX_VALUE) {
      throw GradusException.outOfRange("categories of all columns", "below 2^31", sum);
    }
  }

  /** Rows of the table. */
  public int entries() {
    return sizes.stream().mapToInt(Integer::intValue).sum();
  }

  @Override
  public String name() {
    return "codes";
  }

  @Override
  public List<TensorType> outputs(final List<TensorType> inputs) {
    Types.requireCount(name(), inputs, 1);
    Types.requireRank("input of " + name(), inputs.get(0), 2);
    if (inputs.get(0).shape().last() != sizes.size()) {
      throw GradusException.mismatch(
          "columns of input of " + name(), sizes.size(), inputs.get(0).shape());
    }
    return List.of(TensorType.int32(inputs.get(0).shape()));
  }

  @Override
  public List<Value> gradient(final Graph graph, final Node node, final List<Value> dOutputs) {
    throw new IllegalStateException(name() + " has no gradient: indices have none");
  }

  @Override
  public boolean isConstantIn(final int input) {
    return true;
  }

  @Override
  public Prepared prepare(final Node node, final Backend backend, final int capacity) {
    return new Prepared("scalar", placement -> new Rows(sizes, node, backend, placement));
  }

  @Override
  public long flops(final Node node, final int rows) {
    return 0;
  }

  private static final class Rows extends RowStep {
    private final int[] sizes;
    private final long x;
    private final long out;

    Rows(
        final List<Integer> sizes,
        final Node node,
        final Backend backend,
        final Placement placement) {
      super(backend.team(), node.output().shape());
      this.sizes = sizes.stream().mapToInt(Integer::intValue).toArray();
      this.x = placement.input(0);
      this.out = placement.output(0);
    }

    @Override
    protected void range(final long from, final long to, final int rows) {
      for (long row = from; row < to; row++) {
        int first = 0;
        for (int column = 0; column < sizes.length; column++) {
          final long offset = (row * columns + column) * Float.BYTES;
          final float value = OffHeap.getFloat(x + offset);
          final int code = (int) value; // NaN to 0
          final boolean known = code == value && code >= 0 && code < sizes[column];
          OffHeap.setInt(out + offset, first + (known ? code : 0));
          first += sizes[column];
        }
      }
    }
  }
}
