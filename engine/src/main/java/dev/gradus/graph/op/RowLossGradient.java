package dev.gradus.graph.op;

import dev.gradus.graph.Backend;
import dev.gradus.graph.Graph;
import dev.gradus.graph.Node;
import dev.gradus.graph.Op;
import dev.gradus.graph.Placement;
import dev.gradus.graph.Prepared;
import dev.gradus.graph.Value;
import dev.gradus.kernel.RowLossFunction;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.OffHeap;
import dev.gradus.memory.TensorType;
import java.util.List;

/** The gradient of {@link RowLoss}, from prediction, target and the gradient of the rows. */
public record RowLossGradient(RowLossFunction function) implements Op {
  @Override
  public String name() {
    return function.name() + "_gradient";
  }

  @Override
  public List<TensorType> outputs(final List<TensorType> inputs) {
    Types.requireCount(name(), inputs, 3);
    final TensorType rows = new RowLoss(function).outputs(inputs.subList(0, 2)).get(0);
    Types.requireSame("gradient of the rows of " + name(), rows, inputs.get(2));
    return List.of(inputs.get(0));
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
    return 6 * node.output().shape().elements(rows);
  }

  private final class Rows extends RowStep {
    private final long prediction;
    private final long target;
    private final long targetBytes;
    private final long dRows;
    private final long dPrediction;

    Rows(final Node node, final Backend backend, final Placement placement) {
      super(backend.team(), node.output().shape());
      this.prediction = placement.input(0);
      this.target = placement.input(1);
      this.targetBytes = RowLoss.targetBytes(function, columns);
      this.dRows = placement.input(2);
      this.dPrediction = placement.output(0);
    }

    @Override
    protected void range(final long from, final long to, final int rows) {
      for (long r = from; r < to; r++) {
        function.gradient(
            at(prediction, r),
            target + r * targetBytes,
            OffHeap.getFloat(dRows + r * Float.BYTES),
            at(dPrediction, r),
            columns);
      }
    }
  }
}
