package dev.gradus.graph.op;

import dev.gradus.graph.Backend;
import dev.gradus.graph.Graph;
import dev.gradus.graph.Node;
import dev.gradus.graph.Op;
import dev.gradus.graph.Placement;
import dev.gradus.graph.Prepared;
import dev.gradus.graph.Value;
import dev.gradus.kernel.Exponential;
import dev.gradus.memory.TensorType;
import java.util.List;

/** {@code dX = dY - exp(y) * sum(dY)} over the last dimension, from y and dY. */
public record LogSoftmaxGradient() implements Op {
  @Override
  public String name() {
    return "log_softmax_gradient";
  }

  @Override
  public List<TensorType> outputs(final List<TensorType> inputs) {
    return Types.elementwise(name(), inputs);
  }

  @Override
  public List<Value> gradient(final Graph graph, final Node node, final List<Value> dOutputs) {
    final Value dOut = dOutputs.get(0);
    final Value dY = node.input(1);
    // Of dY_i - exp(y_i) sum(dY) by y: -exp(y_i) dOut_i sum(dY); by dY: dOut_i - sum(exp(y) dOut).
    final Value exp = graph.apply(new Activate(Exponential.INSTANCE), node.input(0));
    final Value product = graph.apply(new Multiply(), exp, dOut);
    final Value minus = graph.apply(new Scale(-1f), product);
    final Value sum = SoftmaxGradient.sum(graph, product);
    return List.of(SoftmaxGradient.times(graph, minus, dY), graph.apply(new Subtract(), dOut, sum));
  }

  @Override
  public Prepared prepare(final Node node, final Backend backend, final int capacity) {
    return new Prepared(
        backend.mode() + " " + name(), placement -> new Rows(node, backend, placement));
  }

  @Override
  public long flops(final Node node, final int rows) {
    return 4 * node.output().shape().elements(rows);
  }

  @Override
  public boolean canOverwrite(final int input) {
    return input == 0;
  }

  private static final class Rows extends RowStep {
    private final dev.gradus.kernel.LogSoftmaxGradient kernel;
    private final long y;
    private final long dY;
    private final long dX;

    Rows(final Node node, final Backend backend, final Placement placement) {
      super(backend.team(), node.output().shape());
      this.kernel = dev.gradus.kernel.LogSoftmaxGradient.of(backend.mode());
      this.y = placement.input(0);
      this.dY = placement.input(1);
      this.dX = placement.output(0);
    }

    @Override
    protected void range(final long from, final long to, final int rows) {
      kernel.run(at(y, from), at(dY, from), at(dX, from), to - from, columns);
    }
  }
}
