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
import dev.gradus.memory.Shape;
import dev.gradus.memory.TensorType;
import java.util.List;

/**
 * The gradient of {@link PlaneMean}: each element of dY (N, channels) over the number of elements
 * of its channel, to all of these.
 *
 * @param images (N, channels, ...), of the result.
 */
public record PlaneMeanGradient(Shape images) implements Op {
  @Override
  public String name() {
    return "global_avg_pool_gradient";
  }

  @Override
  public List<TensorType> outputs(final List<TensorType> inputs) {
    Types.requireCount(name(), inputs, 1);
    final TensorType result = TensorType.float32(images);
    final TensorType expected = new PlaneMean().outputs(List.of(result)).get(0);
    Types.requireSame("output gradient of " + name(), expected, inputs.get(0));
    return List.of(result);
  }

  @Override
  public List<Value> gradient(final Graph graph, final Node node, final List<Value> dOutputs) {
    return List.of(graph.apply(new PlaneMean(), dOutputs.get(0)));
  }

  @Override
  public Prepared prepare(final Node node, final Backend backend, final int capacity) {
    return new Prepared(
        backend.mode() + " fill", placement -> new Planes(backend, images, placement));
  }

  @Override
  public long flops(final Node node, final int rows) {
    return node.input(0).shape().elements(rows);
  }

  private static final class Planes extends PlaneStep {
    private final Fill fill;
    private final long elements;
    private final long dY;
    private final long dX;

    Planes(final Backend backend, final Shape images, final Placement placement) {
      super(backend.team(), images);
      this.fill = Fill.of(backend.mode());
      this.elements = AddChannelBias.plane(images);
      this.dY = placement.input(0);
      this.dX = placement.output(0);
    }

    @Override
    void plane(final long index) {
      final float share = OffHeap.getFloat(dY + index * Float.BYTES) / elements;
      fill.run(dX + index * elements * Float.BYTES, share, elements);
    }
  }
}
