package dev.gradus.graph.op;

import dev.gradus.graph.Backend;
import dev.gradus.graph.Graph;
import dev.gradus.graph.Node;
import dev.gradus.graph.Op;
import dev.gradus.graph.Prepared;
import dev.gradus.graph.Value;
import dev.gradus.kernel.Activation;
import dev.gradus.kernel.Window;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.Shape;
import dev.gradus.memory.TensorType;
import java.util.ArrayList;
import java.util.List;

/**
 * The gradients of a {@link Conv2d} behind which, after its bias and activation, nothing comes but
 * {@link MaxPool2d}: of all its positions those alone have one that are the largest of a window.
 * Inputs:
 *
 * <ul>
 *   <li>the convolution's input (N, channels, height, width);
 *   <li>int32 indices of the pooling, dY behind it and, where there is an {@code activation}, y,
 *       all (N, filters, height', width');
 *   <li>where {@code input}, the weight.
 * </ul>
 *
 * Outputs: the gradient of the weight; where {@code bias}, of the bias; where {@code input}, of the
 * input. Made by fusion after differentiation.
 *
 * @param window of the convolution, not dilated.
 * @param activation f, whose gradient is from its output; null for none.
 */
public record PooledConv2dGradient(
    Window window, Activation activation, boolean bias, boolean input) implements Op {
  @Override
  public String name() {
    return "pooled_conv2d_gradient" + (activation == null ? "" : "*" + activation.name() + "'");
  }

  ConvGeometry geometry(final List<TensorType> inputs) {
    final Shape x = inputs.get(0).shape();
    final Shape dY = inputs.get(2).shape();
    ConvGeometry.requireImages("input of " + name(), x);
    ConvGeometry.requireImages("output gradient of " + name(), dY);
    return ConvGeometry.of(name(), window, 1, x, weight(x, dY));
  }

  private Shape weight(final Shape x, final Shape dY) {
    return Shape.of(dY.dim(1), x.dim(1), window.vertical().size(), window.horizontal().size());
  }

  @Override
  public List<TensorType> outputs(final List<TensorType> inputs) {
    Types.requireCount(name(), inputs, 3 + (activation == null ? 0 : 1) + (input ? 1 : 0));
    Types.requireFloat("input of " + name(), inputs.get(0));
    Types.requireFloat("output gradient of " + name(), inputs.get(2));
    geometry(inputs);
    final Shape dY = inputs.get(2).shape();
    final TensorType x = inputs.get(0);
    final TensorType weight = TensorType.float32(weight(x.shape(), dY));
    final List<TensorType> images = ConvGeometry.images(x.shape(), dY.dim(1), dY.dim(2), dY.dim(3));
    if (!images.get(0).equals(inputs.get(2))) {
      throw GradusException.mismatch(
          "images of output gradient of " + name(), images.get(0).shape(), dY);
    }
    Types.requireSame("indices of " + name(), TensorType.int32(dY), inputs.get(1));
    if (activation != null) {
      Types.requireSame("output of " + name(), inputs.get(2), inputs.get(3));
    }
    final List<TensorType> outputs = new ArrayList<>(List.of(weight));
    if (bias) {
      outputs.add(TensorType.float32(Shape.of(dY.dim(1))));
    }
    if (input) {
      Types.requireSame("weight of " + name(), weight, inputs.get(inputs.size() - 1));
      outputs.add(x);
    }
    return outputs;
  }

  @Override
  public List<Value> gradient(final Graph graph, final Node node, final List<Value> dOutputs) {
    throw new IllegalStateException(name() + " is made after differentiation");
  }

  @Override
  public Prepared prepare(final Node node, final Backend backend, final int capacity) {
    return PooledConv2dGradientStep.prepare(this, node, backend, capacity);
  }

  @Override
  public long flops(final Node node, final int rows) {
    final long places = node.input(2).shape().elements(rows);
    final long patch = geometry(node.inputTypes()).patch();
    return places * (2 * patch * (input ? 2 : 1) + (bias ? 1 : 0));
  }
}
