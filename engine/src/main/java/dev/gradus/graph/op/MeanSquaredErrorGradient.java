package dev.gradus.graph.op;

import dev.gradus.graph.Backend;
import dev.gradus.graph.Graph;
import dev.gradus.graph.Node;
import dev.gradus.graph.Op;
import dev.gradus.graph.Placement;
import dev.gradus.graph.Prepared;
import dev.gradus.graph.Value;
import dev.gradus.kernel.SquaredErrorGradient;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.OffHeap;
import dev.gradus.memory.TensorType;
import java.util.List;

/**
 * {@code dPrediction = 2 * (prediction - target) * dLoss / elements}, from prediction, target and
 * dLoss.
 */
public record MeanSquaredErrorGradient() implements Op {
  @Override
  public String name() {
    return "mean_squared_error_gradient";
  }

  @Override
  public List<TensorType> outputs(final List<TensorType> inputs) {
    Types.requireCount(name(), inputs, 3);
    Types.requireSame("loss gradient of " + name(), Types.SCALAR, inputs.get(2));
    return Types.elementwise(name(), inputs.subList(0, 2));
  }

  @Override
  public List<Value> gradient(final Graph graph, final Node node, final List<Value> dOutputs) {
    throw new GradusException(name() + " has no second derivative: expected=a gradient taken once");
  }

  @Override
  public Prepared prepare(final Node node, final Backend backend, final int capacity) {
    return new Prepared(
        backend.mode() + " " + name(), placement -> new Rows(node, backend, placement));
  }

  @Override
  public long flops(final Node node, final int rows) {
    return 2 * node.output().shape().elements(rows);
  }

  @Override
  public boolean canOverwrite(final int input) {
    return input < 2;
  }

  private static final class Rows extends RowStep {
    private final SquaredErrorGradient kernel;
    private final long prediction;
    private final long target;
    private final long dLoss;
    private final long dPrediction;

    Rows(final Node node, final Backend backend, final Placement placement) {
      super(backend.team(), node.output().shape());
      this.kernel = SquaredErrorGradient.of(backend.mode());
      this.prediction = placement.input(0);
      this.target = placement.input(1);
      this.dLoss = placement.input(2);
      this.dPrediction = placement.output(0);
    }

    @Override
    protected void range(final long from, final long to, final int rows) {
      final float factor = OffHeap.getFloat(dLoss) / (units(rows) * columns);
      kernel.run(
          at(prediction, from),
          at(target, from),
          at(dPrediction, from),
          (to - from) * columns,
          factor);
    }
  }
}
