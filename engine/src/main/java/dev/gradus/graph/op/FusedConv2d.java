package dev.gradus.graph.op;

import dev.gradus.gemm.Epilogue;
import dev.gradus.graph.Backend;
import dev.gradus.graph.Graph;
import dev.gradus.graph.Node;
import dev.gradus.graph.Op;
import dev.gradus.graph.Prepared;
import dev.gradus.graph.Value;
import dev.gradus.kernel.Activation;
import dev.gradus.memory.TensorType;
import java.util.List;

/**
 * {@code f(conv2d(x, w) + bias)}, bias (third input) and f each optional. Made by fusion after
 * differentiation.
 *
 * @param activation f, or null for none.
 */
public record FusedConv2d(Conv2d conv, boolean bias, Activation activation) implements Op {
  @Override
  public String name() {
    return conv.name() + Epilogue.forward(bias, activation);
  }

  @Override
  public List<TensorType> outputs(final List<TensorType> inputs) {
    Types.requireCount(name(), inputs, bias ? 3 : 2);
    final List<TensorType> outputs = conv.outputs(inputs.subList(0, 2));
    if (bias) {
      final TensorType expected = AddChannelBias.biasType(name(), outputs.get(0));
      Types.requireSame("bias of " + name(), expected, inputs.get(2));
    }
    return outputs;
  }

  @Override
  public List<Value> gradient(final Graph graph, final Node node, final List<Value> dOutputs) {
    throw new IllegalStateException(name() + " is made after differentiation");
  }

  @Override
  public Prepared prepare(final Node node, final Backend backend, final int capacity) {
    return ConvForwardStep.prepare(conv, bias, activation, node, backend);
  }

  @Override
  public long flops(final Node node, final int rows) {
    final long elements = node.output().shape().elements(rows);
    return conv.flops(node, rows) + (bias ? elements : 0) + (activation == null ? 0 : elements);
  }
}
