package dev.gradus.graph.op;

import dev.gradus.graph.Backend;
import dev.gradus.graph.Graph;
import dev.gradus.graph.Node;
import dev.gradus.graph.Op;
import dev.gradus.graph.Prepared;
import dev.gradus.graph.Value;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.Shape;
import dev.gradus.memory.TensorType;
import java.util.List;

/**
 * The gradient of {@link Attention}: {@code dV = P^T dY; dS = P (dY V^T - rowsum) / sqrt(d); dQ =
 * dS K; dK = dS^T Q}. Inputs: queries, keys and values (N,T,3*features), the probabilities P and
 * the gradient of the output (N,T,features). Output: (N,T,3*features).
 */
public record AttentionGradient(Attention forward) implements Op {
  @Override
  public String name() {
    return "attention_gradient";
  }

  @Override
  public List<TensorType> outputs(final List<TensorType> inputs) {
    Types.requireCount(name(), inputs, 3);
    final List<TensorType> outputs = forward.outputs(inputs.subList(0, 1));
    Types.requireSame("probabilities of " + name(), outputs.get(1), inputs.get(1));
    Types.requireSame("gradient of output of " + name(), outputs.get(0), inputs.get(2));
    return List.of(inputs.get(0));
  }

  @Override
  public List<Value> gradient(final Graph graph, final Node node, final List<Value> dOutputs) {
    throw new GradusException(name() + " has no gradient: expected=first derivatives alone");
  }

  @Override
  public Prepared prepare(final Node node, final Backend backend, final int capacity) {
    return AttentionGradientStep.prepare(forward, node, backend);
  }

  @Override
  public long flops(final Node node, final int rows) {
    final Shape out = node.input(2).shape();
    return 8 * out.elements(rows) * out.dim(1) + 4 * node.input(1).shape().elements(rows);
  }
}
