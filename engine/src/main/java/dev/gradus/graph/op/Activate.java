package dev.gradus.graph.op;

import dev.gradus.graph.Backend;
import dev.gradus.graph.Graph;
import dev.gradus.graph.Node;
import dev.gradus.graph.Op;
import dev.gradus.graph.Prepared;
import dev.gradus.graph.Value;
import dev.gradus.kernel.Activation;
import dev.gradus.memory.TensorType;
import java.util.List;

/** An activation function, elementwise: {@code y = f(x)}. */
public record Activate(Activation function) implements Op {
  @Override
  public String name() {
    return function.name();
  }

  @Override
  public List<TensorType> outputs(final List<TensorType> inputs) {
    Types.requireCount(name(), inputs, 1);
    Types.requireFloat("input of " + name(), inputs.get(0));
    return List.of(inputs.get(0));
  }

  @Override
  public List<Value> gradient(final Graph graph, final Node node, final List<Value> dOutputs) {
    final Value kept = function.gradientFromInput() ? node.input(0) : node.output();
    return List.of(graph.apply(new ActivateGradient(function), kept, dOutputs.get(0)));
  }

  @Override
  public Prepared prepare(final Node node, final Backend backend, final int capacity) {
    return UnaryStep.prepare(node, backend, function.forward(backend.mode()));
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
