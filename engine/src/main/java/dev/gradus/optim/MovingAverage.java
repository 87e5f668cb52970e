package dev.gradus.optim;

import dev.gradus.graph.Backend;
import dev.gradus.graph.Graph;
import dev.gradus.graph.Node;
import dev.gradus.graph.Op;
import dev.gradus.graph.Placement;
import dev.gradus.graph.Prepared;
import dev.gradus.graph.Value;
import dev.gradus.kernel.BinaryKernel;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.TensorType;
import java.util.List;

/**
 * {@code average = decay * average + (1 - decay) * parameter}, in place, after each update. Inputs:
 * the average, the parameter. No outputs.
 *
 * @param scalars which tell whether the step updates.
 */
public record MovingAverage(double decay, StepScalars scalars) implements Op {
  @Override
  public String name() {
    return "moving_average";
  }

  @Override
  public List<TensorType> outputs(final List<TensorType> inputs) {
    if (inputs.size() != 2) {
      throw GradusException.mismatch("number of inputs of " + name(), 2, inputs.size());
    }
    if (!inputs.get(0).equals(inputs.get(1))) {
      throw GradusException.mismatch("average of " + name(), inputs.get(1), inputs.get(0));
    }
    return List.of();
  }

  @Override
  public List<Value> gradient(final Graph graph, final Node node, final List<Value> dOutputs) {
    throw new IllegalStateException(name() + " is added after differentiation");
  }

  @Override
  public Prepared prepare(final Node node, final Backend backend, final int capacity) {
    return new Prepared(
        backend.mode() + " " + name(), placement -> new Elements(this, node, backend, placement));
  }

  @Override
  public long flops(final Node node, final int rows) {
    return 3 * node.input(0).shape().elements(rows);
  }

  @Override
  public boolean mutates(final int input) {
    return input == 0;
  }

  private static final class Elements extends UpdateStep {
    private final BinaryKernel kernel;
    private final long average;
    private final long parameter;

    Elements(
        final MovingAverage op, final Node node, final Backend backend, final Placement placement) {
      super(op.scalars, node, backend);
      this.kernel = dev.gradus.kernel.MovingAverage.of(backend.mode(), (float) (1 - op.decay));
      this.average = placement.input(0);
      this.parameter = placement.input(1);
    }

    @Override
    protected void range(final long from, final long to, final int rows) {
      final long offset = from * Float.BYTES;
      kernel.run(average + offset, parameter + offset, average + offset, to - from);
    }
  }
}
