package dev.gradus.graph.op;

import dev.gradus.graph.Backend;
import dev.gradus.graph.Graph;
import dev.gradus.graph.Node;
import dev.gradus.graph.Op;
import dev.gradus.graph.Placement;
import dev.gradus.graph.Prepared;
import dev.gradus.graph.Value;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.OffHeap;
import dev.gradus.memory.Shape;
import dev.gradus.memory.TensorType;
import java.util.List;

/** Features {@code from} up to {@code from + count} of (...,features): a part of a join. */
public record TakeFeatures(int from, int count) implements Op {
  @Override
  public String name() {
    return "take_features";
  }

  @Override
  public List<TensorType> outputs(final List<TensorType> inputs) {
    Types.requireCount(name(), inputs, 1);
    Types.requireRank("input of " + name(), inputs.get(0), 2);
    final Shape shape = inputs.get(0).shape();
    if (from < 0 || count < 1 || from > shape.last() - count) {
      throw GradusException.outOfRange(
          "features of " + name() + " of " + shape,
          "0 to " + shape.last(),
          from + " to " + (from + count));
    }
    return List.of(TensorType.float32(shape.withLast(count)));
  }

  @Override
  public List<Value> gradient(final Graph graph, final Node node, final List<Value> dOutputs) {
    throw new GradusException(name() + " has no gradient: expected=first derivatives alone");
  }

  @Override
  public Prepared prepare(final Node node, final Backend backend, final int capacity) {
    return new Prepared("copy", placement -> new Rows(from, node, backend, placement));
  }

  @Override
  public long flops(final Node node, final int rows) {
    return 0;
  }

  private static final class Rows extends RowStep {
    private final long x;
    private final long xBytes;
    private final long fromBytes;
    private final long out;

    Rows(final int from, final Node node, final Backend backend, final Placement placement) {
      super(backend.team(), node.output().shape());
      this.x = placement.input(0);
      this.xBytes = (long) node.input(0).shape().last() * Float.BYTES;
      this.fromBytes = (long) from * Float.BYTES;
      this.out = placement.output(0);
    }

    @Override
    protected void range(final long from, final long to, final int rows) {
      for (long row = from; row < to; row++) {
        OffHeap.copy(x + row * xBytes + fromBytes, at(out, row), (long) columns * Float.BYTES);
      }
    }
  }
}
