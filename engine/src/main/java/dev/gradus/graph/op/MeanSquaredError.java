package dev.gradus.graph.op;

import dev.gradus.graph.Backend;
import dev.gradus.graph.Graph;
import dev.gradus.graph.Node;
import dev.gradus.graph.Op;
import dev.gradus.graph.Placement;
import dev.gradus.graph.Prepared;
import dev.gradus.graph.Value;
import dev.gradus.kernel.SquaredError;
import dev.gradus.memory.TensorType;
import java.util.List;

/** The mean over all elements of {@code (prediction - target)^2}. Output: the loss [1]. */
public record MeanSquaredError() implements Op {
  @Override
  public String name() {
    return "mean_squared_error";
  }

  @Override
  public List<TensorType> outputs(final List<TensorType> inputs) {
    Types.elementwise(name(), inputs);
    Types.requireRank("prediction of " + name(), inputs.get(0), 2);
    return List.of(Types.SCALAR);
  }

  @Override
  public List<Value> gradient(final Graph graph, final Node node, final List<Value> dOutputs) {
    final Value dPrediction =
        graph.apply(new MeanSquaredErrorGradient(), node.input(0), node.input(1), dOutputs.get(0));
    final Value dTarget =
        graph.apply(new MeanSquaredErrorGradient(), node.input(1), node.input(0), dOutputs.get(0));
    return List.of(dPrediction, dTarget);
  }

  @Override
  public Prepared prepare(final Node node, final Backend backend, final int capacity) {
    return new Prepared(
        backend.mode() + " " + name(),
        MeanLossStep.scratchBytes(node.input(0).shape(), capacity),
        placement -> new Rows(node, backend, placement));
  }

  @Override
  public long flops(final Node node, final int rows) {
    return 3 * node.input(0).shape().elements(rows);
  }

  private static final class Rows extends MeanLossStep {
    private final SquaredError kernel;
    private final long prediction;
    private final long target;

    Rows(final Node node, final Backend backend, final Placement placement) {
      super(backend, node.input(0).shape(), node.input(0).shape().last(), placement);
      this.kernel = SquaredError.of(backend.mode());
      this.prediction = placement.input(0);
      this.target = placement.input(1);
    }

    @Override
    protected void range(final long from, final long to, final int rows) {
      kernel.run(
          at(prediction, from), at(target, from), rowLoss + from * Float.BYTES, to - from, columns);
    }
  }
}
