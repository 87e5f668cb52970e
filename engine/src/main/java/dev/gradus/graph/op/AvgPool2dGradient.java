package dev.gradus.graph.op;

import dev.gradus.graph.Backend;
import dev.gradus.graph.Graph;
import dev.gradus.graph.Node;
import dev.gradus.graph.Op;
import dev.gradus.graph.Placement;
import dev.gradus.graph.Prepared;
import dev.gradus.graph.Value;
import dev.gradus.kernel.AveragePool;
import dev.gradus.kernel.Fill;
import dev.gradus.kernel.Window;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.Shape;
import dev.gradus.memory.TensorType;
import java.util.List;

/**
 * The gradient of {@link AvgPool2d}: each element of dY (N, channels, height', width') goes in
 * equal shares to the elements of its window.
 *
 * @param height of the planes of the result.
 * @param width of the planes of the result.
 */
public record AvgPool2dGradient(Window window, boolean countIncludePad, int height, int width)
    implements Op {
  @Override
  public String name() {
    return "avg_pool2d_gradient";
  }

  @Override
  public List<TensorType> outputs(final List<TensorType> inputs) {
    Types.requireCount(name(), inputs, 1);
    Types.requireFloat("output gradient of " + name(), inputs.get(0));
    final Shape dY = inputs.get(0).shape();
    ConvGeometry.requireImages("output gradient of " + name(), dY);
    final List<TensorType> result = ConvGeometry.images(dY, dY.dim(1), height, width);
    final Shape expected = ConvGeometry.pooled(name(), window, result.get(0).shape()).shape();
    if (!expected.equals(dY)) {
      throw GradusException.mismatch("shape of output gradient of " + name(), expected, dY);
    }
    return result;
  }

  @Override
  public List<Value> gradient(final Graph graph, final Node node, final List<Value> dOutputs) {
    return List.of(graph.apply(new AvgPool2d(window, countIncludePad), dOutputs.get(0)));
  }

  @Override
  public Prepared prepare(final Node node, final Backend backend, final int capacity) {
    return new Prepared(name(), placement -> new Planes(this, backend, node, placement));
  }

  @Override
  public long flops(final Node node, final int rows) {
    return node.input(0).shape().elements(rows) * (window.area() + 1);
  }

  private static final class Planes extends PlaneStep {
    private final AveragePool kernel;
    private final Fill fill;
    private final long dY;
    private final long dX;
    private final long inBytes;
    private final long outBytes;

    Planes(
        final AvgPool2dGradient op,
        final Backend backend,
        final Node node,
        final Placement placement) {
      super(backend.team(), node.output().shape());
      this.kernel =
          AveragePool.of(backend.mode(), op.window, op.countIncludePad, op.height, op.width);
      this.fill = Fill.of(backend.mode());
      this.dY = placement.input(0);
      this.dX = placement.output(0);
      this.inBytes = bytes(node.input(0).shape());
      this.outBytes = bytes(node.output().shape());
    }

    @Override
    void plane(final long index) {
      final long out = dX + index * outBytes;
      fill.run(out, 0f, outBytes / Float.BYTES);
      kernel.gradient(dY + index * inBytes, out);
    }
  }
}
