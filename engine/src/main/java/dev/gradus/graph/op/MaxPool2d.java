package dev.gradus.graph.op;

import dev.gradus.graph.Backend;
import dev.gradus.graph.Graph;
import dev.gradus.graph.Node;
import dev.gradus.graph.Op;
import dev.gradus.graph.Placement;
import dev.gradus.graph.Prepared;
import dev.gradus.graph.Value;
import dev.gradus.kernel.MaxPool;
import dev.gradus.kernel.Window;
import dev.gradus.memory.Shape;
import dev.gradus.memory.TensorType;
import java.util.List;

/**
 * The largest element of each window, (N, channels, height, width) to (N, channels, height',
 * width'), as PyTorch's {@code max_pool2d}; and, second output, int32 of the same shape, where in
 * its plane it lies: {@code row * width + column}. With these the gradient needs neither x nor y,
 * which so take no memory after the forward pass. Padding is never the largest; a NaN is.
 */
public record MaxPool2d(Window window) implements Op {
  @Override
  public String name() {
    return "max_pool2d";
  }

  @Override
  public List<TensorType> outputs(final List<TensorType> inputs) {
    Types.requireCount(name(), inputs, 1);
    Types.requireFloat("input of " + name(), inputs.get(0));
    final TensorType y = ConvGeometry.pooled(name(), window, inputs.get(0).shape());
    return List.of(y, TensorType.int32(y.shape()));
  }

  @Override
  public List<Value> gradient(final Graph graph, final Node node, final List<Value> dOutputs) {
    final Shape x = node.input(0).shape();
    return List.of(
        graph.apply(
            new MaxPool2dGradient(window, x.dim(2), x.dim(3)),
            node.outputs().get(1),
            dOutputs.get(0)));
  }

  @Override
  public Prepared prepare(final Node node, final Backend backend, final int capacity) {
    return new Prepared(
        backend.mode() + " " + name(),
        placement -> new Planes(window, node.input(0).shape(), backend, node, placement));
  }

  /** A comparison counts as one. */
  @Override
  public long flops(final Node node, final int rows) {
    return node.output().shape().elements(rows) * window.area();
  }

  private static final class Planes extends PlaneStep {
    private final MaxPool kernel;
    private final long x;
    private final long y;
    private final long indices;
    private final long inBytes;
    private final long outBytes;

    Planes(
        final Window window,
        final Shape images,
        final Backend backend,
        final Node node,
        final Placement placement) {
      super(backend.team(), images);
      this.kernel = MaxPool.of(backend.mode(), window, images.dim(2), images.dim(3));
      this.x = placement.input(0);
      this.y = placement.output(0);
      this.indices = placement.output(1);
      this.inBytes = bytes(images);
      this.outBytes = bytes(node.output().shape());
    }

    @Override
    void plane(final long index) {
      kernel.run(x + index * inBytes, y + index * outBytes, indices + index * outBytes);
    }
  }
}
