package dev.gradus.graph.op;

import dev.gradus.graph.Backend;
import dev.gradus.graph.Graph;
import dev.gradus.graph.Node;
import dev.gradus.graph.Op;
import dev.gradus.graph.Placement;
import dev.gradus.graph.Prepared;
import dev.gradus.graph.Value;
import dev.gradus.kernel.LossFunction;
import dev.gradus.memory.TensorType;
import java.util.Arrays;
import java.util.List;

/**
 * A loss function of each element of prediction and target, averaged over the last dimension (or
 * summed, where the function says so): (..., n) and (..., n) to (...).
 */
public record ElementwiseLoss(LossFunction function) implements Op {
  @Override
  public String name() {
    return function.name();
  }

  @Override
  public List<TensorType> outputs(final List<TensorType> inputs) {
    Types.elementwise(name(), inputs);
    return List.of(Types.rows("prediction of " + name(), inputs.get(0)));
  }

  @Override
  public List<Value> gradient(final Graph graph, final Node node, final List<Value> dOutputs) {
    final Op gradient = new ElementwiseLossGradient(function);
    final Value prediction = node.input(0);
    final Value target = node.input(1);
    final Value dRows = dOutputs.get(0);
    return Arrays.asList(
        graph.apply(gradient, prediction, target, dRows),
        function.symmetric() ? graph.apply(gradient, target, prediction, dRows) : null);
  }

  @Override
  public Prepared prepare(final Node node, final Backend backend, final int capacity) {
    return new Prepared(
        backend.mode() + " " + name(),
        node.input(0).type().bytes(capacity),
        placement -> new Rows(node, backend, placement));
  }

  @Override
  public long flops(final Node node, final int rows) {
    return 3 * node.input(0).shape().elements(rows);
  }

  private final class Rows extends RowStep {
    private final dev.gradus.kernel.ElementwiseLoss kernel;
    private final long prediction;
    private final long target;
    private final long scratch;
    private final long rowLoss;

    Rows(final Node node, final Backend backend, final Placement placement) {
      super(backend.team(), node.input(0).shape());
      this.kernel = dev.gradus.kernel.ElementwiseLoss.of(function, backend.mode());
      this.prediction = placement.input(0);
      this.target = placement.input(1);
      this.scratch = placement.scratch();
      this.rowLoss = placement.output(0);
    }

    @Override
    protected void range(final long from, final long to, final int rows) {
      kernel.run(
          at(prediction, from),
          at(target, from),
          at(scratch, from),
          rowLoss + from * Float.BYTES,
          to - from,
          columns);
    }
  }
}
