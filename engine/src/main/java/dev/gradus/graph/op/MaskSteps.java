package dev.gradus.graph.op;

import dev.gradus.graph.Backend;
import dev.gradus.graph.Graph;
import dev.gradus.graph.Node;
import dev.gradus.graph.Op;
import dev.gradus.graph.Placement;
import dev.gradus.graph.Prepared;
import dev.gradus.graph.Value;
import dev.gradus.kernel.Fill;
import dev.gradus.memory.OffHeap;
import dev.gradus.memory.TensorType;
import java.util.Arrays;
import java.util.List;

/** (N,T,features) with zeros in the steps whose mask (N,T) is 0, as padded sequences have. */
public record MaskSteps() implements Op {
  @Override
  public String name() {
    return "mask_steps";
  }

  @Override
  public List<TensorType> outputs(final List<TensorType> inputs) {
    Types.requireCount(name(), inputs, 2);
    Types.requireRank("input of " + name(), inputs.get(0), 3);
    Types.requireSame(
        "mask of " + name(),
        TensorType.float32(inputs.get(0).shape().withoutLast()),
        inputs.get(1));
    return List.of(inputs.get(0));
  }

  @Override
  public List<Value> gradient(final Graph graph, final Node node, final List<Value> dOutputs) {
    return Arrays.asList(graph.apply(this, dOutputs.get(0), node.input(1)), null);
  }

  @Override
  public Prepared prepare(final Node node, final Backend backend, final int capacity) {
    return new Prepared("copy", placement -> new Vectors(node, backend, placement));
  }

  @Override
  public long flops(final Node node, final int rows) {
    return 0;
  }

  private static final class Vectors extends RowStep {
    private final Fill fill;
    private final long x;
    private final long mask;
    private final long out;

    Vectors(final Node node, final Backend backend, final Placement placement) {
      super(backend.team(), node.output().shape());
      this.fill = Fill.of(backend.mode());
      this.x = placement.input(0);
      this.mask = placement.input(1);
      this.out = placement.output(0);
    }

    @Override
    protected void range(final long from, final long to, final int rows) {
      for (long row = from; row < to; row++) {
        if (OffHeap.getFloat(mask + row * Float.BYTES) == 0f) {
          fill.run(at(out, row), 0f, columns);
        } else {
          OffHeap.copy(at(x, row), at(out, row), (long) columns * Float.BYTES);
        }
      }
    }
  }
}
