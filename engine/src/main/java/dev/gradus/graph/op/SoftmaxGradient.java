package dev.gradus.graph.op;

import dev.gradus.graph.Backend;
import dev.gradus.graph.Graph;
import dev.gradus.graph.Node;
import dev.gradus.graph.Op;
import dev.gradus.graph.Placement;
import dev.gradus.graph.Prepared;
import dev.gradus.graph.Value;
import dev.gradus.memory.TensorType;
import java.util.List;

/** {@code dX = y * (dY - sum(y * dY))} over the last dimension, from y and dY. */
public record SoftmaxGradient() implements Op {
  @Override
  public String name() {
    return "softmax_gradient";
  }

  @Override
  public List<TensorType> outputs(final List<TensorType> inputs) {
    return Types.elementwise(name(), inputs);
  }

  @Override
  public List<Value> gradient(final Graph graph, final Node node, final List<Value> dOutputs) {
    final Value dOut = dOutputs.get(0);
    final Value y = node.input(0);
    final Value dY = node.input(1);
    // Of y_i (dY_i - sum(y dY)) by y: dOut_i dY_i - dOut_i sum(y dY) - dY_i sum(y dOut).
    final Value product = graph.apply(new Multiply(), dOut, dY);
    final Value left = times(graph, dOut, graph.apply(new Multiply(), y, dY));
    final Value right = times(graph, dY, graph.apply(new Multiply(), y, dOut));
    final Value both = graph.apply(new Add(), left, right);
    return List.of(
        graph.apply(new Subtract(), product, both), graph.apply(new SoftmaxGradient(), y, dOut));
  }

  /** {@code v} times the sum of {@code terms} over the last dimension. */
  static Value times(final Graph graph, final Value v, final Value terms) {
    return graph.apply(new Multiply(), v, sum(graph, terms));
  }

  /** The sum of {@code terms} over the last dimension, as often as there are terms. */
  static Value sum(final Graph graph, final Value terms) {
    final int last = terms.shape().rank() - 1;
    final Value sum = graph.apply(new SumAxis(last), terms);
    return graph.apply(new Repeat(last, terms.shape().last()), sum);
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
    return true;
  }

  private static final class Rows extends RowStep {
    private final dev.gradus.kernel.SoftmaxGradient kernel;
    private final long y;
    private final long dY;
    private final long dX;

    Rows(final Node node, final Backend backend, final Placement placement) {
      super(backend.team(), node.output().shape());
      this.kernel = dev.gradus.kernel.SoftmaxGradient.of(backend.mode());
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
