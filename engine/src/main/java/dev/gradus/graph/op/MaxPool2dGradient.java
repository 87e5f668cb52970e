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
import dev.gradus.kernel.MaxPoolGradient;
import dev.gradus.kernel.Window;
import dev.gradus.memory.GradusException;
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
 * @param window of the pooling.
 * @param height of the planes of the result.
 * @param width of the planes of the result.
 * @param activation f, whose gradient is from its output; null for none.
 */
public record MaxPool2dGradient(Window window, int height, int width, Activation activation)
    implements Op {
  /** Without an activation. */
  public MaxPool2dGradient(final Window window, final int height, final int width) {
    this(window, height, width, null);
  }

  /** The same with the gradient of an activation before the pooling. */
  public MaxPool2dGradient with(final Activation before) {
    return new MaxPool2dGradient(window, height, width, before);
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
    final List<TensorType> result = ConvGeometry.images(dY, dY.dim(1), height, width);
    final Shape expected = ConvGeometry.pooled(name(), window, result.get(0).shape()).shape();
    if (!expected.equals(dY)) {
      throw GradusException.mismatch("shape of output gradient of " + name(), expected, dY);
    }
    return result;
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
        placement -> new Planes(this, backend, node, placement));
  }

  @Override
  public long flops(final Node node, final int rows) {
    return node.input(1).shape().elements(rows);
  }

  private static final class Planes extends PlaneStep {
    private final MaxPoolGradient kernel;
    private final BinaryKernel gradient; // null for none
    private final long indices;
    private final long dY;
    private final long y;
    private final long moved; // what goes to the largest elements
    private final long dX;
    private final long inBytes;
    private final long outBytes;

    Planes(
        final MaxPool2dGradient op,
        final Backend backend,
        final Node node,
        final Placement placement) {
      super(backend.team(), node.output().shape());
      this.kernel = MaxPoolGradient.of(backend.mode(), op.window, op.height, op.width);
      final Activation activation = op.activation;
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
      final long from = index * inBytes;
      if (gradient != null) {
        gradient.run(y + from, dY + from, moved + from, inBytes / Float.BYTES);
      }
      kernel.run(indices + from, moved + from, dX + index * outBytes);
    }
  }
}
