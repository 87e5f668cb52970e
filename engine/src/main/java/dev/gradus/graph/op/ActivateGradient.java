package dev.gradus.graph.op;

import dev.gradus.graph.Backend;
import dev.gradus.graph.Graph;
import dev.gradus.graph.Node;
import dev.gradus.graph.Op;
import dev.gradus.graph.Prepared;
import dev.gradus.graph.Value;
import dev.gradus.kernel.Activation;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.TensorType;
import java.util.List;

/** {@code dX = dY * f'(x)} from y or x, as the activation wants it, and dY. */
public record ActivateGradient(Activation function) implements Op {
  @Override
  public String name() {
    return function.name() + "_gradient";
  }

  @Override
  public List<TensorType> outputs(final List<TensorType> inputs) {
    return Types.elementwise(name(), inputs);
  }

  @Override
  public List<Value> gradient(final Graph graph, final Node node, final List<Value> dOutputs) {
    throw new GradusException(name() + " has no second derivative: expected=a gradient taken once");
  }

  @Override
  public Prepared prepare(final Node node, final Backend backend, final int capacity) {
    return BinaryStep.prepare(node, backend, function.gradient(backend.mode()));
  }

  @Override
  public long flops(final Node node, final int rows) {
    return 2 * node.output().shape().elements(rows);
  }

  @Override
  public boolean canOverwrite(final int input) {
    return true;
  }
}
