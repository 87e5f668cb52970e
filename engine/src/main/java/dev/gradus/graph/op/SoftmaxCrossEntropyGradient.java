package dev.gradus.graph.op;

import dev.gradus.graph.Backend;
import dev.gradus.graph.Graph;
import dev.gradus.graph.Node;
import dev.gradus.graph.Op;
import dev.gradus.graph.Placement;
import dev.gradus.graph.Prepared;
import dev.gradus.graph.Value;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.TensorType;
import java.util.List;

/** {@code dLogits = (p - onehot(label)) * dRows}, from probabilities, labels and dRows. */
public record SoftmaxCrossEntropyGradient() implements Op {
  @Override
  public String name() {
    return "softmax_cross_entropy_gradient";
  }

  @Override
  public List<TensorType> outputs(final List<TensorType> inputs) {
    Types.requireCount(name(), inputs, 3);
    Types.requireSame(
        "labels of " + name(), SoftmaxCrossEntropy.labelType(inputs.get(0)), inputs.get(1));
    final TensorType rows = Types.rows("probabilities", inputs.get(0));
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
    return 2 * node.output().shape().elements(rows);
  }

  @Override
  public boolean canOverwrite(final int input) {
    return input == 0;
  }

  private static final class Rows extends RowStep {
    private final dev.gradus.kernel.SoftmaxCrossEntropyGradient kernel;
    private final long probabilities;
    private final long labels;
    private final long dRows;
    private final long dLogits;

    Rows(final Node node, final Backend backend, final Placement placement) {
      super(backend.team(), node.output().shape());
      this.kernel = dev.gradus.kernel.SoftmaxCrossEntropyGradient.of(backend.mode());
      this.probabilities = placement.input(0);
      this.labels = placement.input(1);
      this.dRows = placement.input(2);
      this.dLogits = placement.output(0);
    }

    @Override
    protected void range(final long from, final long to, final int rows) {
      kernel.run(
          at(probabilities, from),
          labels + from * Integer.BYTES,
          dRows + from * Float.BYTES,
          at(dLogits, from),
          to - from,
          columns);
    }
  }
}
