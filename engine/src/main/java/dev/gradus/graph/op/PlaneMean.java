package dev.gradus.graph.op;

import dev.gradus.graph.Backend;
import dev.gradus.graph.Graph;
import dev.gradus.graph.Node;
import dev.gradus.graph.Op;
import dev.gradus.graph.Placement;
import dev.gradus.graph.Prepared;
import dev.gradus.graph.Value;
import dev.gradus.kernel.Sum;
import dev.gradus.memory.OffHeap;
import dev.gradus.memory.Shape;
import dev.gradus.memory.TensorType;
import java.util.List;

/** The mean of each channel of each row, (N, channels, ...) to (N, channels). */
public record PlaneMean() implements Op {
  @Override
  public String name() {
    return "global_avg_pool";
  }

  @Override
  public List<TensorType> outputs(final List<TensorType> inputs) {
    Types.requireCount(name(), inputs, 1);
    Types.requireRank("input of " + name(), inputs.get(0), 3);
    final Shape x = inputs.get(0).shape();
    return List.of(
        TensorType.float32(x.isBatched() ? Shape.batched(x.dim(1)) : Shape.of(x.dim(0), x.dim(1))));
  }

  @Override
  public List<Value> gradient(final Graph graph, final Node node, final List<Value> dOutputs) {
    return List.of(graph.apply(new PlaneMeanGradient(node.input(0).shape()), dOutputs.get(0)));
  }

  @Override
  public Prepared prepare(final Node node, final Backend backend, final int capacity) {
    return new Prepared(
        backend.mode() + " " + name(),
        placement -> new Planes(backend, node.input(0).shape(), placement));
  }

  @Override
  public long flops(final Node node, final int rows) {
    return node.input(0).shape().elements(rows);
  }

  private static final class Planes extends PlaneStep {
    private final Sum sum;
    private final long elements;
    private final long x;
    private final long y;

    Planes(final Backend backend, final Shape images, final Placement placement) {
      super(backend.team(), images);
      this.sum = Sum.of(backend.mode());
      this.elements = AddChannelBias.plane(images);
      this.x = placement.input(0);
      this.y = placement.output(0);
    }

    @Override
    void plane(final long index) {
      final float total = sum.run(x + index * elements * Float.BYTES, elements);
      OffHeap.setFloat(y + index * Float.BYTES, total / elements);
    }
  }
}
