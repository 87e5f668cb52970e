package dev.gradus.graph.op;

import dev.gradus.graph.Backend;
import dev.gradus.graph.Graph;
import dev.gradus.graph.Node;
import dev.gradus.graph.Op;
import dev.gradus.graph.Placement;
import dev.gradus.graph.Prepared;
import dev.gradus.graph.Value;
import dev.gradus.kernel.Fill;
import dev.gradus.memory.DType;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.OffHeap;
import dev.gradus.memory.Shape;
import dev.gradus.memory.TensorType;
import java.util.Arrays;
import java.util.List;

/**
 * Rows of a table, picked by index. Inputs: the table (entries,features) and int32 indices (...)
 * from 0 up to its entries, which the plan checks before a run. Output: (...,features).
 *
 * @param padding an index whose row is zeros whatever the table holds, and has no gradient; -1 for
 *     none.
 */
public record Embedding(int padding) implements Op {
  @Override
  public String name() {
    return "embedding";
  }

  @Override
  public List<TensorType> outputs(final List<TensorType> inputs) {
    Types.requireCount(name(), inputs, 2);
    requireIndices(name(), inputs.get(1));
    Types.requireFloat("table of " + name(), inputs.get(0));
    final Shape table = inputs.get(0).shape();
    if (table.rank() != 2 || table.isBatched()) {
      throw GradusException.mismatch("shape of table of " + name(), "[entries,features]", table);
    }
    return List.of(TensorType.float32(inputs.get(1).shape().withAppended(table.last())));
  }

  static void requireIndices(final String op, final TensorType indices) {
    if (indices.dtype() != DType.INT32) {
      throw GradusException.mismatch(
          "element type of indices of " + op, DType.INT32, indices.dtype());
    }
  }

  @Override
  public List<Value> gradient(final Graph graph, final Node node, final List<Value> dOutputs) {
    final int entries = node.input(0).shape().dim(0);
    return Arrays.asList(
        graph.apply(new EmbeddingGradient(entries, padding), node.input(1), dOutputs.get(0)), null);
  }

  @Override
  public Prepared prepare(final Node node, final Backend backend, final int capacity) {
    return new Prepared("gather", placement -> new Gather(padding, node, backend, placement));
  }

  @Override
  public long flops(final Node node, final int rows) {
    return 0;
  }

  private static final class Gather extends RowStep {
    private final int padding;
    private final Fill fill;
    private final long table;
    private final long indices;
    private final long out;

    Gather(final int padding, final Node node, final Backend backend, final Placement placement) {
      super(backend.team(), node.output().shape());
      this.padding = padding;
      this.fill = Fill.of(backend.mode());
      this.table = placement.input(0);
      this.indices = placement.input(1);
      this.out = placement.output(0);
    }

    @Override
    protected void range(final long from, final long to, final int rows) {
      for (long row = from; row < to; row++) {
        final int index = OffHeap.getInt(indices + row * Integer.BYTES);
        if (index == padding) {
          fill.run(at(out, row), 0f, columns);
        } else {
          OffHeap.copy(at(table, index), at(out, row), (long) columns * Float.BYTES);
        }
      }
    }
  }
}
