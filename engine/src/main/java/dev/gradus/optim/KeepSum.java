package dev.gradus.optim;

import dev.gradus.graph.Backend;
import dev.gradus.graph.Graph;
import dev.gradus.graph.Node;
import dev.gradus.graph.Op;
import dev.gradus.graph.Placement;
import dev.gradus.graph.Prepared;
import dev.gradus.graph.Value;
import dev.gradus.graph.op.RangeStep;
import dev.gradus.kernel.Fill;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.OffHeap;
import dev.gradus.memory.TensorType;
import java.util.List;

/**
 * Keeps a sum of gradients for the next micro-batch, or zeros it where this step updates. Inputs:
 * the state, the sum. No outputs.
 */
public record KeepSum(StepScalars scalars) implements Op {
  @Override
  public String name() {
    return "keep_sum";
  }

  @Override
  public List<TensorType> outputs(final List<TensorType> inputs) {
    if (inputs.size() != 2) {
      throw GradusException.mismatch("number of inputs of " + name(), 2, inputs.size());
    }
    if (!inputs.get(0).equals(inputs.get(1))) {
      throw GradusException.mismatch("sum of " + name(), inputs.get(0), inputs.get(1));
    }
    return List.of();
  }

  @Override
  public List<Value> gradient(final Graph graph, final Node node, final List<Value> dOutputs) {
    throw new IllegalStateException(name() + " is added after differentiation");
  }

  @Override
  public Prepared prepare(final Node node, final Backend backend, final int capacity) {
    return new Prepared("copy", placement -> new Elements(this, node, backend, placement));
  }

  @Override
  public long flops(final Node node, final int rows) {
    return 0;
  }

  @Override
  public boolean mutates(final int input) {
    return input == 0;
  }

  private static final class Elements extends RangeStep {
    private final Fill fill;
    private final StepScalars scalars;
    private final long elements;
    private final long state;
    private final long sum;

    Elements(final KeepSum op, final Node node, final Backend backend, final Placement placement) {
      super(backend.team());
      this.fill = Fill.of(backend.mode());
      this.scalars = op.scalars;
      this.elements = node.input(0).shape().elements(1);
      this.state = placement.input(0);
      this.sum = placement.input(1);
    }

    @Override
    protected long units(final int rows) {
      return elements;
    }

    @Override
    protected long floatsPerUnit(final int rows) {
      return 1;
    }

    @Override
    protected void range(final long from, final long to, final int rows) {
      final long offset = from * Float.BYTES;
      if (scalars.updating()) {
        fill.run(state + offset, 0f, to - from);
      } else {
        OffHeap.copy(sum + offset, state + offset, (to - from) * Float.BYTES);
      }
    }
  }
}
