package dev.gradus.graph.op;

import dev.gradus.gemm.Epilogue;
import dev.gradus.graph.Backend;
import dev.gradus.graph.Graph;
import dev.gradus.graph.Node;
import dev.gradus.graph.Op;
import dev.gradus.graph.Prepared;
import dev.gradus.graph.Value;
import dev.gradus.memory.TensorType;
import java.util.List;

/**
 * A matrix product with an epilogue: {@code f(a * b + bias)} (third input the bias) or {@code (a *
 * b) * f'(y)} (third input y). Made by fusion after differentiation.
 */
public record FusedMatMul(MatMul product, Epilogue epilogue) implements Op {
  @Override
  public String name() {
    return product.name() + epilogue;
  }

  @Override
  public List<TensorType> outputs(final List<TensorType> inputs) {
    Types.requireCount(name(), inputs, epilogue.usesAux() ? 3 : 2);
    final List<TensorType> outputs = product.outputs(inputs.subList(0, 2));
    if (epilogue.kind() == Epilogue.Kind.GRADIENT) {
      Types.requireSame("activation of " + name(), outputs.get(0), inputs.get(2));
    } else if (epilogue.bias()) {
      Types.requireSame("bias of " + name(), AddBias.biasType(outputs.get(0)), inputs.get(2));
    }
    return outputs;
  }

  @Override
  public List<Value> gradient(final Graph graph, final Node node, final List<Value> dOutputs) {
    throw new IllegalStateException(name() + " is made after differentiation");
  }

  @Override
  public Prepared prepare(final Node node, final Backend backend, final int capacity) {
    return GemmStep.prepare(product, epilogue, node, backend, capacity);
  }

  @Override
  public long flops(final Node node, final int rows) {
    final long elements = node.output().shape().elements(rows);
    return product.flops(node, rows)
        + (epilogue.bias() ? elements : 0)
        + (epilogue.activation() == null ? 0 : elements);
  }
}
