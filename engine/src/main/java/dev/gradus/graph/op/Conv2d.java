package dev.gradus.graph.op;

import dev.gradus.graph.Backend;
import dev.gradus.graph.Graph;
import dev.gradus.graph.Node;
import dev.gradus.graph.Op;
import dev.gradus.graph.Prepared;
import dev.gradus.graph.Value;
import dev.gradus.kernel.Window;
import dev.gradus.memory.TensorType;
import java.util.List;

/**
 * Convolution (cross-correlation, as PyTorch): {@code y[n,f,o] = sum over c, i of w[f,c,i] *
 * x[n,c,o*stride-padding+i*dilation]} in two dimensions. x is (N, channels, height, width), w
 * (filters, channels / groups, window), y (N, filters, height', width'). Filters of group g read
 * channels of group g alone.
 */
public record Conv2d(Window window, int groups) implements Op {
  @Override
  public String name() {
    return "conv2d";
  }

  ConvGeometry geometry(final List<TensorType> inputs) {
    return ConvGeometry.of(name(), window, groups, inputs.get(0).shape(), inputs.get(1).shape());
  }

  @Override
  public List<TensorType> outputs(final List<TensorType> inputs) {
    Types.requireCount(name(), inputs, 2);
    Types.requireFloat("input of " + name(), inputs.get(0));
    Types.requireFloat("weight of " + name(), inputs.get(1));
    final ConvGeometry g = geometry(inputs);
    return ConvGeometry.images(
        inputs.get(0).shape(), g.filters(), g.outputHeight(), g.outputWidth());
  }

  @Override
  public List<Value> gradient(final Graph graph, final Node node, final List<Value> dOutputs) {
    final Value x = node.input(0);
    final Value weight = node.input(1);
    final Value dY = dOutputs.get(0);
    return List.of(
        graph.apply(
            new ConvTranspose2d(window, groups, x.shape().dim(2), x.shape().dim(3)), dY, weight),
        graph.apply(new Conv2dWeightGradient(window, groups), x, dY));
  }

  @Override
  public Prepared prepare(final Node node, final Backend backend, final int capacity) {
    return ConvForwardStep.prepare(this, false, null, node, backend);
  }

  @Override
  public long flops(final Node node, final int rows) {
    return geometry(node.inputTypes()).flops(node.input(0).shape(), rows);
  }
}
