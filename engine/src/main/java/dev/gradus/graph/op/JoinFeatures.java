package dev.gradus.graph.op;

import dev.gradus.graph.Backend;
import dev.gradus.graph.Graph;
import dev.gradus.graph.Node;
import dev.gradus.graph.Op;
import dev.gradus.graph.Placement;
import dev.gradus.graph.Prepared;
import dev.gradus.graph.Value;
import dev.gradus.memory.OffHeap;
import dev.gradus.memory.TensorType;
import java.util.List;

/** Two tensors side by side: (...,a) and (...,b) to (...,a+b). */
public record JoinFeatures() implements Op {
  @Override
  public String name() {
    return "join_features";
  }

  @Override
  public List<TensorType> outputs(final List<TensorType> inputs) {
    Types.requireCount(name(), inputs, 2);
    Types.requireRank("first input of " + name(), inputs.get(0), 2);
    Types.requireRank("second input of " + name(), inputs.get(1), 2);
    Types.requireSame(
        "leading dimensions of second input of " + name(),
        TensorType.float32(inputs.get(0).shape().withLast(1)),
        TensorType.float32(inputs.get(1).shape().withLast(1)));
    final int last = inputs.get(0).shape().last() + inputs.get(1).shape().last();
    return List.of(TensorType.float32(inputs.get(0).shape().withLast(last)));
  }

  @Override
  public List<Value> gradient(final Graph graph, final Node node, final List<Value> dOutputs) {
    final int a = node.input(0).shape().last();
    final int b = node.input(1).shape().last();
    return List.of(
        graph.apply(new TakeFeatures(0, a), dOutputs.get(0)),
        graph.apply(new TakeFeatures(a, b), dOutputs.get(0)));
  }

  @Override
  public Prepared prepare(final Node node, final Backend backend, final int capacity) {
    return new Prepared("copy", placement -> new Rows(node, backend, placement));
  }

  @Override
  public long flops(final Node node, final int rows) {
    return 0;
  }

  private static final class Rows extends RowStep {
    private final long a;
    private final long b;
    private final long out;
    private final long aBytes;
    private final long bBytes;

    Rows(final Node node, final Backend backend, final Placement placement) {
      super(backend.team(), node.output().shape());
      this.a = placement.input(0);
      this.b = placement.input(1);
      this.out = placement.output(0);
      this.aBytes = (long) node.input(0).shape().last() * Float.BYTES;
      this.bBytes = (long) node.input(1).shape().last() * Float.BYTES;
    }

    @Override
    protected void range(final long from, final long to, final int rows) {
      for (long row = from; row < to; row++) {
        OffHeap.copy(a + row * aBytes, at(out, row), aBytes);
        OffHeap.copy(b + row * bBytes, at(out, row) + aBytes, bBytes);
      }
    }
  }
}
