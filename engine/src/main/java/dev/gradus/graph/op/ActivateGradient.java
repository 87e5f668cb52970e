package dev.gradus.graph.op;

import dev.gradus.graph.Backend;
import dev.gradus.graph.Graph;
import dev.gradus.graph.Node;
import dev.gradus.graph.Op;
import dev.gradus.graph.Prepared;
import dev.gradus.graph.Value;
import dev.gradus.kernel.Activation;
import dev.gradus.memory.TensorType;
import java.util.Arrays;
import java.util.List;

/**
 * {@code dX = dY * f'(x)} from y or x, as the activation wants it, and dY. Its own gradient passes
 * through dY always, through y or x where the activation has a {@link SecondDerivative}.
 */
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
    final Value dOut = dOutputs.get(0);
    final Value kept = node.input(0);
    final Value byDy = graph.apply(this, kept, dOut);
    if (isConstantIn(0)) {
      return Arrays.asList(null, byDy);
    }
    final Value product = graph.apply(new Multiply(), dOut, node.input(1));
    return Arrays.asList(SecondDerivative.times(graph, function, kept, product), byDy);
  }

  @Override
  public boolean isConstantIn(final int input) {
    return input == 0 && function.curvature() != null && function.curvature().isNone();
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
