package dev.gradus.graph.op;

import dev.gradus.graph.Backend;
import dev.gradus.graph.Graph;
import dev.gradus.graph.Node;
import dev.gradus.graph.Op;
import dev.gradus.graph.Placement;
import dev.gradus.graph.Prepared;
import dev.gradus.graph.Value;
import dev.gradus.memory.OffHeap;
import dev.gradus.memory.TensorType;
import java.util.Arrays;
import java.util.List;

/**
 * The vector {@code (n)} repeated to the shape {@code (..., n)} of the second input, whose content
 * is not read.
 */
public record BroadcastRows() implements Op {
  @Override
  public String name() {
    return "broadcast_rows";
  }

  @Override
  public List<TensorType> outputs(final List<TensorType> inputs) {
    Types.requireCount(name(), inputs, 2);
    Types.requireRank("second input of " + name(), inputs.get(1), 2);
    Types.requireSame("first input of " + name(), AddBias.biasType(inputs.get(1)), inputs.get(0));
    return List.of(inputs.get(1));
  }

  @Override
  public List<Value> gradient(final Graph graph, final Node node, final List<Value> dOutputs) {
    return Arrays.asList(graph.apply(new ColumnSum(), dOutputs.get(0)), null);
  }

  @Override
  public boolean isConstantIn(final int input) {
    return input == 1;
  }

  @Override
  public Prepared prepare(final Node node, final Backend backend, final int capacity) {
    return new Prepared("copy", placement -> new Rows(node, backend, placement));
  }

  @Override
  public long flops(final Node node, final int rows) {
    return 0;
  }

  private static final class Rows extends RowStep {
    private final long vector;
    private final long out;

    Rows(final Node node, final Backend backend, final Placement placement) {
      super(backend.team(), node.output().shape());
      this.vector = placement.input(0);
      this.out = placement.output(0);
    }

    @Override
    protected void range(final long from, final long to, final int rows) {
      for (long row = from; row < to; row++) {
        OffHeap.copy(vector, at(out, row), (long) columns * Float.BYTES);
      }
    }
  }
}
