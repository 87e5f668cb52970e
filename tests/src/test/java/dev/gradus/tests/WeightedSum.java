package dev.gradus.tests;

import dev.gradus.graph.Graph;
import dev.gradus.graph.Node;
import dev.gradus.graph.Value;
import dev.gradus.memory.Shape;
import dev.gradus.memory.TensorType;
import java.util.Arrays;
import java.util.List;

/**
 * {@code sum(x * weights)}, a scalar [1] that makes any op's output a loss whose gradient has no
 * pattern.
 */
record WeightedSum() implements ReferencedOp {
  @Override
  public String name() {
    return "weighted_sum";
  }

  @Override
  public List<TensorType> outputs(final List<TensorType> inputs) {
    return List.of(TensorType.float32(Shape.of(1)));
  }

  @Override
  public List<Value> gradient(final Graph graph, final Node node, final List<Value> dOutputs) {
    return Arrays.asList(graph.apply(new Scale(), node.input(1), dOutputs.get(0)), null);
  }

  @Override
  public List<RealTensor> evaluate(final List<RealTensor> inputs) {
    double sum = 0;
    for (int i = 0; i < inputs.get(0).length(); i++) {
      sum += inputs.get(0).at(i) * inputs.get(1).at(i);
    }
    return List.of(RealTensor.of(Shape.of(1), sum));
  }

  /** {@code x * factor}, the factor a scalar [1]. */
  record Scale() implements ReferencedOp {
    @Override
    public String name() {
      return "scale";
    }

    @Override
    public List<TensorType> outputs(final List<TensorType> inputs) {
      return List.of(inputs.get(0));
    }

    @Override
    public List<Value> gradient(final Graph graph, final Node node, final List<Value> dOutputs) {
      throw new UnsupportedOperationException("a gradient is taken once");
    }

    @Override
    public List<RealTensor> evaluate(final List<RealTensor> inputs) {
      final RealTensor x = inputs.get(0);
      final RealTensor scaled = RealTensor.zeros(x.shape());
      for (int i = 0; i < x.length(); i++) {
        scaled.set(i, x.at(i) * inputs.get(1).at(0), 0);
      }
      return List.of(scaled);
    }
  }
}
