package dev.gradus.graph.op;

import dev.gradus.graph.Backend;
import dev.gradus.graph.Graph;
import dev.gradus.graph.Node;
import dev.gradus.graph.Op;
import dev.gradus.graph.Placement;
import dev.gradus.graph.Prepared;
import dev.gradus.graph.Value;
import dev.gradus.kernel.Sum;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.OffHeap;
import dev.gradus.memory.Shape;
import dev.gradus.memory.TensorType;
import java.util.List;

/**
 * The sum over all dimensions but the second: (N, channels, ...) to (channels). The gradient of a
 * channel's bias. Each row's part of a channel is summed first, then these sums in their order.
 */
public record ChannelSum() implements Op {
  @Override
  public String name() {
    return "channel_sum";
  }

  @Override
  public List<TensorType> outputs(final List<TensorType> inputs) {
    Types.requireCount(name(), inputs, 1);
    return List.of(AddChannelBias.biasType(name(), inputs.get(0)));
  }

  @Override
  public List<Value> gradient(final Graph graph, final Node node, final List<Value> dOutputs) {
    throw new GradusException(name() + " has no second derivative: expected=a gradient taken once");
  }

  @Override
  public Prepared prepare(final Node node, final Backend backend, final int capacity) {
    return new Prepared(
        backend.mode() + " " + name(), placement -> new Channels(node, backend, placement));
  }

  @Override
  public long flops(final Node node, final int rows) {
    return node.input(0).shape().elements(rows);
  }

  private static final class Channels extends RangeStep {
    private final Sum sum;
    private final Shape shape;
    private final int channels;
    private final long plane;
    private final long x;
    private final long out;

    Channels(final Node node, final Backend backend, final Placement placement) {
      super(backend.team());
      this.sum = Sum.of(backend.mode());
      this.shape = node.input(0).shape();
      this.channels = shape.dim(1);
      this.plane = AddChannelBias.plane(shape);
      this.x = placement.input(0);
      this.out = placement.output(0);
    }

    @Override
    protected long units(final int rows) {
      return channels;
    }

    @Override
    protected long floatsPerUnit(final int rows) {
      return shape.elements(rows) / channels;
    }

    @Override
    protected void range(final long from, final long to, final int rows) {
      final long images = shape.elements(rows) / (channels * plane);
      for (long channel = from; channel < to; channel++) {
        float total = 0f;
        for (long image = 0; image < images; image++) {
          total += sum.run(x + (image * channels + channel) * plane * Float.BYTES, plane);
        }
        OffHeap.setFloat(out + channel * Float.BYTES, total);
      }
    }
  }
}
