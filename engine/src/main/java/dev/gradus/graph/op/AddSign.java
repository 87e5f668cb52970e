package dev.gradus.graph.op;

import dev.gradus.graph.Backend;
import dev.gradus.graph.Graph;
import dev.gradus.graph.Node;
import dev.gradus.graph.Op;
import dev.gradus.graph.Prepared;
import dev.gradus.graph.Value;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.TensorType;
import java.util.List;

/**
 * {@code gradient + strength * sign(parameter)}: what a penalty of {@code strength} times the sum
 * of a parameter's absolute values adds to its gradient.
 */
public record AddSign(float strength) implements Op {
  @Override
  public String name() {
    return "add_sign";
  }

  @Override
  public List<TensorType> outputs(final List<TensorType> inputs) {
    return Types.elementwise(name(), inputs);
  }

  @Override
  public List<Value> gradient(final Graph graph, final Node node, final List<Value> dOutputs) {
    throw new GradusException(name() + " has no gradient: expected=use on gradients alone");
  }

  @Override
  public Prepared prepare(final Node node, final Backend backend, final int capacity) {
    return BinaryStep.prepare(
        node, backend, dev.gradus.kernel.AddSign.of(backend.mode(), strength));
  }

  @Override
  public long flops(final Node node, final int rows) {
    return node.output().shape().elements(rows);
  }

  @Override
  public boolean canOverwrite(final int input) {
    return true;
  }
}
