package dev.gradus.graph.op;

import dev.gradus.graph.Backend;
import dev.gradus.graph.Graph;
import dev.gradus.graph.Node;
import dev.gradus.graph.Op;
import dev.gradus.graph.Prepared;
import dev.gradus.graph.Value;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.TensorType;
import java.util.ArrayList;
import java.util.List;

/**
 * What several weights and a bias get from one gradient dY: {@code a^T dY} for each a, then the
 * sums of dY's columns, together, so that dY is read once. Inputs: dY (..., n), then each a (...,
 * m) over the same leading dimensions. Outputs: for each a (m, n), then, where {@code bias}, (n).
 * Made by fusion after differentiation.
 */
public record WeightGradients(boolean bias) implements Op {
  @Override
  public String name() {
    return "weight_gradients";
  }

  @Override
  public List<TensorType> outputs(final List<TensorType> inputs) {
    if (inputs.size() < 2) {
      throw GradusException.outOfRange("number of inputs of " + name(), "2 or more", inputs.size());
    }
    final TensorType dY = inputs.get(0);
    final List<TensorType> outputs = new ArrayList<>();
    for (final TensorType a : inputs.subList(1, inputs.size())) {
      outputs.addAll(MatMul.TRANSPOSE_A.outputs(List.of(a, dY)));
    }
    if (bias) {
      outputs.addAll(new ColumnSum().outputs(List.of(dY)));
    }
    return outputs;
  }

  @Override
  public List<Value> gradient(final Graph graph, final Node node, final List<Value> dOutputs) {
    throw new IllegalStateException(name() + " is made after differentiation");
  }

  @Override
  public Prepared prepare(final Node node, final Backend backend, final int capacity) {
    return WeightGradientsStep.prepare(this, node, backend, capacity);
  }

  @Override
  public long flops(final Node node, final int rows) {
    final long dY = node.input(0).shape().elements(rows);
    long width = bias ? 1 : 0;
    for (final Value a : node.inputs().subList(1, node.inputs().size())) {
      width += 2L * a.shape().last();
    }
    return dY * width;
  }
}
