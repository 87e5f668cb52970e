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

/** {@code y = x - log(sum(exp(x)))} over the last dimension. */
public record LogSoftmax() implements Op {
  @Override
  public String name() {
    return "log_softmax";
  }

  @Override
  public List<TensorType> outputs(final List<TensorType> inputs) {
    Types.requireCount(name(), inputs, 1);
    Types.requireRank("input of " + name(), inputs.get(0), 2);
    return List.of(inputs.get(0));
  }

  @Override
  public List<Value> gradient(final Graph graph, final Node node, final List<Value> dOutputs) {
    return List.of(graph.apply(new LogSoftmaxGradient(), node.output(), dOutputs.get(0)));
  }

  @Override
  public Prepared prepare(final Node node, final Backend backend, final int capacity) {
    return new Prepared(
        backend.mode() + " " + name(), placement -> new Rows(node, backend, placement));
  }

  @Override
  public long flops(final Node node, final int rows) {
    return 5 * node.output().shape().elements(rows);
  }

  private static final class Rows extends RowStep {
    private final dev.gradus.kernel.LogSoftmax kernel;
    private final long x;
    private final long y;

    Rows(final Node node, final Backend backend, final Placement placement) {
      super(backend.team(), node.output().shape());
      this.kernel = dev.gradus.kernel.LogSoftmax.of(backend.mode());
      this.x = placement.input(0);
      this.y = placement.output(0);
    }

    @Override
    protected void range(final long from, final long to, final int rows) {
      kernel.run(at(x, from), at(y, from), to - from, columns);
    }
  }
}
