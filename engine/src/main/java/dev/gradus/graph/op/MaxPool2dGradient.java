package dev.gradus.graph.op;

import dev.gradus.graph.Backend;
import dev.gradus.graph.Graph;
import dev.gradus.graph.Node;
import dev.gradus.graph.Op;
import dev.gradus.graph.Placement;
import dev.gradus.graph.Prepared;
import dev.gradus.graph.Value;
import dev.gradus.kernel.Activation;
import dev.gradus.kernel.BinaryKernel;
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
 * <p>Fusion adds the gradient of the activation before the pooling, {@code dY * f'} from the third
 * input, the pooled y: what is the largest of a window is so behind f, and f' counts nowhere else.
 * So it is computed for the pooled elements alone, and x need not be kept.
 *
 * @param height of the planes of the result.
 * @param width of the planes of the result.
 * @param activation f, whose gradient is from its output; null for none.
 */
public record MaxPool2dGradient(int height, int width, Activation activation) implements Op {
  /** Without an activation. */
  public MaxPool2dGradient(final int height, final int width) {
    this(height, width, null);
  }

  @Override
  public String name() {
    return "max_pool2d_gradient" + (activation == null ? "" : "*" + activation.name() + "'");
  }

  @Override
  public List<TensorType> outputs(final List<TensorType> inputs) {
    Types.requireCount(name(), inputs, activation == null ? 2 : 3);
    Types.requireFloat("output gradient of " + name(), inputs.get(1));
    final Shape dY = inputs.get(1).shape();
    ConvGeometry.requireImages("output gradient of " + name(), dY);
    Types.requireSame("indices of " + name(), TensorType.int32(dY), inputs.get(0));
    if (activation != null) {
      Types.requireSame("output of " + name(), inputs.get(1), inputs.get(2));
    }
    return ConvGeometry.images(dY, dY.dim(1), height, width);
  }

  @Override
  public List<Value> gradient(final Graph graph, final Node node, final List<Value> dOutputs) {
    throw new GradusException(name() + " has no second derivative: expected=a gradient taken once");
  }

  @Override
  public Prepared prepare(final Node node, final Backend backend, final int capacity) {
    return new Prepared(
        backend.mode() + " scatter",
        activation == null ? 0 : node.input(1).type().bytes(capacity),
        placement -> new Planes(activation, backend, node, placement));
  }

  @Override
  public long flops(final Node node, final int rows) {
    return node.input(1).shape().elements(rows);
  }

  private static final class Planes extends PlaneStep {
    private final Fill fill;
    private final BinaryKernel gradient; // null for none
    private final long indices;
    private final long dY;
    private final long y;
    private final long moved; // what goes to the largest elements
    private final long dX;
    private final long inBytes;
    private final long outBytes;

    Planes(
        final Activation activation,
        final Backend backend,
        final Node node,
        final Placement placement) {
      super(backend.team(), node.output().shape());
      this.fill = Fill.of(backend.mode());
      this.gradient = activation == null ? null : activation.gradient(backend.mode());
      this.indices = placement.input(0);
      this.dY = placement.input(1);
      this.y = activation == null ? 0 : placement.input(2);
      this.moved = activation == null ? dY : placement.scratch();
      this.dX = placement.output(0);
      this.inBytes = bytes(node.input(1).shape());
      this.outBytes = bytes(node.output().shape());
    }

    @Override
    void plane(final long index) {
      final long out = dX + index * outBytes;
      fill.run(out, 0f, outBytes / Float.BYTES);
      final long from = index * inBytes;
      if (gradient != null) {
        gradient.run(y + from, dY + from, moved + from, inBytes / Float.BYTES);
      }
      for (long o = from; o < from + inBytes; o += Float.BYTES) {
        final long at = out + (long) OffHeap.getInt(indices + o) * Float.BYTES;
        OffHeap.setFloat(at, OffHeap.getFloat(at) + OffHeap.getFloat(moved + o));
      }
    }
  }
}
