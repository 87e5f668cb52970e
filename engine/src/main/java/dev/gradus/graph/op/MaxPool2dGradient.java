package dev.gradus.graph.op;

import dev.gradus.graph.Backend;
import dev.gradus.graph.Graph;
import dev.gradus.graph.Node;
import dev.gradus.graph.Op;
import dev.gradus.graph.Placement;
import dev.gradus.graph.Prepared;
import dev.gradus.graph.Value;
import dev.gradus.kernel.Fill;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.OffHeap;
import dev.gradus.memory.Shape;
import dev.gradus.memory.TensorType;
import java.util.List;

/**
 * The gradient of {@link MaxPool2d}: each element of dY goes to where the largest element of its
 * window lay. Inputs: int32 indices and dY, both (N, channels, height', width').
 *
 * @param height of the planes of the result.
 * @param width of the planes of the result.
 */
public record MaxPool2dGradient(int height, int width) implements Op {
  @Override
  public String name() {
    return "max_pool2d_gradient";
  }

  @Override
  public List<TensorType> outputs(final List<TensorType> inputs) {
    Types.requireCount(name(), inputs, 2);
    Types.requireFloat("output gradient of " + name(), inputs.get(1));
    final Shape dY = inputs.get(1).shape();
    ConvGeometry.requireImages("output gradient of " + name(), dY);
    Types.requireSame("indices of " + name(), TensorType.int32(dY), inputs.get(0));
    return ConvGeometry.images(dY, dY.dim(1), height, width);
  }

  @Override
  public List<Value> gradient(final Graph graph, final Node node, final List<Value> dOutputs) {
    throw new GradusException(name() + " has no second derivative: expected=a gradient taken once");
  }

  @Override
  public Prepared prepare(final Node node, final Backend backend, final int capacity) {
    return new Prepared(
        backend.mode() + " scatter", placement -> new Planes(backend, node, placement));
  }

  @Override
  public long flops(final Node node, final int rows) {
    return node.input(1).shape().elements(rows);
  }

  private static final class Planes extends PlaneStep {
    private final Fill fill;
    private final long indices;
    private final long dY;
    private final long dX;
    private final long inBytes;
    private final long outBytes;

    Planes(final Backend backend, final Node node, final Placement placement) {
      super(backend.team(), node.output().shape());
      this.fill = Fill.of(backend.mode());
      this.indices = placement.input(0);
      this.dY = placement.input(1);
      this.dX = placement.output(0);
      this.inBytes = bytes(node.input(1).shape());
      this.outBytes = bytes(node.output().shape());
    }

    @Override
    void plane(final long index) {
      final long out = dX + index * outBytes;
      fill.run(out, 0f, outBytes / Float.BYTES);
      final long end = (index + 1) * inBytes;
      for (long o = index * inBytes; o < end; o += Float.BYTES) {
        final long at = out + (long) OffHeap.getInt(indices + o) * Float.BYTES;
        OffHeap.setFloat(at, OffHeap.getFloat(at) + OffHeap.getFloat(dY + o));
      }
    }
  }
}
