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
import java.util.Arrays;
import java.util.List;

/**
 * {@code -log softmax(logits)[label]} of each vector, in one pass. Inputs: logits (..., classes)
 * and int32 labels (...) in 0 up to classes. Outputs: the losses (...) and the probabilities, which
 * the gradient needs.
 */
public record SoftmaxCrossEntropy() implements Op {
  @Override
  public String name() {
    return "softmax_cross_entropy";
  }

  /** The labels that go with logits: the same shape without the last dimension. */
  public static TensorType labelType(final TensorType logits) {
    Types.requireRank("logits", logits, 2);
    return TensorType.int32(logits.shape().withoutLast());
  }

  @Override
  public List<TensorType> outputs(final List<TensorType> inputs) {
    Types.requireCount(name(), inputs, 2);
    Types.requireSame("labels of " + name(), labelType(inputs.get(0)), inputs.get(1));
    return List.of(Types.rows("logits", inputs.get(0)), inputs.get(0));
  }

  @Override
  public List<Value> gradient(final Graph graph, final Node node, final List<Value> dOutputs) {
    if (dOutputs.get(1) != null) {
      throw new GradusException(
          "the probabilities of " + name() + " have no gradient: expected=use of the loss alone");
    }
    final Value dLogits =
        graph.apply(
            new SoftmaxCrossEntropyGradient(),
            node.outputs().get(1),
            node.input(1),
            dOutputs.get(0));
    return Arrays.asList(dLogits, null);
  }

  @Override
  public Prepared prepare(final Node node, final Backend backend, final int capacity) {
    return new Prepared(
        backend.mode() + " " + name(), placement -> new Rows(node, backend, placement));
  }

  @Override
  public long flops(final Node node, final int rows) {
    return 5 * node.input(0).shape().elements(rows);
  }

  private static final class Rows extends RowStep {
    private final dev.gradus.kernel.SoftmaxCrossEntropy kernel;
    private final long logits;
    private final long labels;
    private final long probabilities;
    private final long rowLoss;

    Rows(final Node node, final Backend backend, final Placement placement) {
      super(backend.team(), node.input(0).shape());
      this.kernel = dev.gradus.kernel.SoftmaxCrossEntropy.of(backend.mode());
      this.logits = placement.input(0);
      this.labels = placement.input(1);
      this.rowLoss = placement.output(0);
      this.probabilities = placement.output(1);
    }

    @Override
    protected void range(final long from, final long to, final int rows) {
      kernel.run(
          at(logits, from),
          labels + from * Integer.BYTES,
          at(probabilities, from),
          rowLoss + from * Float.BYTES,
          to - from,
          columns);
    }
  }
}
