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

/** {@code max(-bound, min(x, bound))}, elementwise; for gradients, so it has none of its own. */
public record Clamp(float bound) implements Op {
  @Override
  public String name() {
    return "clamp";
  }

  @Override
  public List<TensorType> outputs(final List<TensorType> inputs) {
    Types.requireCount(name(), inputs, 1);
    Types.requireFloat("input of " + name(), inputs.get(0));
    return List.of(inputs.get(0));
  }

  @Override
  public List<Value> gradient(final Graph graph, final Node node, final List<Value> dOutputs) {
    throw new GradusException(name() + " has no gradient: expected=use on gradients alone");
  }

  @Override
  public Prepared prepare(final Node node, final Backend backend, final int capacity) {
    return UnaryStep.prepare(node, backend, dev.gradus.kernel.Clamp.of(backend.mode(), bound));
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
