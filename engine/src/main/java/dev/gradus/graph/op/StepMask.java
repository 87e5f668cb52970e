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

/** Which steps are there: 1 where any feature of (N,T,features) is not 0, else 0; (N,T). */
public record StepMask() implements Op {
  @Override
  public String name() {
    return "step_mask";
  }

  @Override
  public List<TensorType> outputs(final List<TensorType> inputs) {
    Types.requireCount(name(), inputs, 1);
    Types.requireRank("input of " + name(), inputs.get(0), 3);
    return List.of(TensorType.float32(inputs.get(0).shape().withoutLast()));
  }

  @Override
  public List<Value> gradient(final Graph graph, final Node node, final List<Value> dOutputs) {
    throw new GradusException(name() + " has no gradient: expected=use as a mask alone");
  }

  @Override
  public boolean isConstantIn(final int input) {
    return true;
  }

  @Override
  public Prepared prepare(final Node node, final Backend backend, final int capacity) {
    return new Prepared("scalar", placement -> new Vectors(node, backend, placement));
  }

  @Override
  public long flops(final Node node, final int rows) {
    return 0;
  }

  private static final class Vectors extends RowStep {
    private final long x;
    private final long mask;

    Vectors(final Node node, final Backend backend, final Placement placement) {
      super(backend.team(), node.input(0).shape());
      this.x = placement.input(0);
      this.mask = placement.output(0);
    }

    @Override
    protected void range(final long from, final long to, final int rows) {
      for (long row = from; row < to; row++) {
        final long vector = at(x, row);
        int i = 0;
        while (i < columns && OffHeap.getFloat(vector + (long) i * Float.BYTES) == 0f) {
          i++; // features of a step that is there end this at once
        }
        OffHeap.setFloat(mask + row * Float.BYTES, i < columns ? 1f : 0f);
      }
    }
  }
}
