package dev.gradus.graph.op;

import dev.gradus.graph.Backend;
import dev.gradus.graph.Graph;
import dev.gradus.graph.Node;
import dev.gradus.graph.Op;
import dev.gradus.graph.Placement;
import dev.gradus.graph.Prepared;
import dev.gradus.graph.Value;
import dev.gradus.kernel.AveragePool;
import dev.gradus.kernel.Window;
import dev.gradus.memory.Shape;
import dev.gradus.memory.TensorType;
import java.util.List;

/**
 * The mean of each window, (N, channels, height, width) to (N, channels, height', width'), as
 * PyTorch's {@code avg_pool2d}.
 *
 * @param countIncludePad whether padding counts as elements of 0.
 */
public record AvgPool2d(Window window, boolean countIncludePad) implements Op {
  @Override
  public String name() {
    return "avg_pool2d";
  }

  @Override
  public List<TensorType> outputs(final List<TensorType> inputs) {
    Types.requireCount(name(), inputs, 1);
    Types.requireFloat("input of " + name(), inputs.get(0));
    return List.of(ConvGeometry.pooled(name(), window, inputs.get(0).shape()));
  }

  @Override
  public List<Value> gradient(final Graph graph, final Node node, final List<Value> dOutputs) {
    final Shape x = node.input(0).shape();
    return List.of(
        graph.apply(
            new AvgPool2dGradient(window, countIncludePad, x.dim(2), x.dim(3)), dOutputs.get(0)));
  }

  @Override
  public Prepared prepare(final Node node, final Backend backend, final int capacity) {
    return new Prepared(name(), placement -> new Planes(this, backend, node, placement));
  }

  @Override
  public long flops(final Node node, final int rows) {
    return node.output().shape().elements(rows) * (window.area() + 1);
  }

  private static final class Planes extends PlaneStep {
    private final AveragePool kernel;
    private final long x;
    private final long y;
    private final long inBytes;
    private final long outBytes;

    Planes(final AvgPool2d op, final Backend backend, final Node node, final Placement placement) {
      super(backend.team(), node.input(0).shape());
      final Shape images = node.input(0).shape();
      this.kernel =
          AveragePool.of(
              backend.mode(), op.window, op.countIncludePad, images.dim(2), images.dim(3));
      this.x = placement.input(0);
      this.y = placement.output(0);
      this.inBytes = bytes(images);
      this.outBytes = bytes(node.output().shape());
    }

    @Override
    void plane(final long index) {
      kernel.run(x + index * inBytes, y + index * outBytes);
    }
  }
}
