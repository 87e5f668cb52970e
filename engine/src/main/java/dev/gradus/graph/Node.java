package dev.gradus.graph;

import dev.gradus.memory.TensorType;
import java.util.List;

/** One application of an op: what it reads and what it defines. */
public record Node(Op op, List<Value> inputs, List<Value> outputs) {
  public Node {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
  }

  public Value input(final int index) {
    return inputs.get(index);
  }

  /** The first output. */
  public Value output() {
    return outputs.get(0);
  }

  public List<TensorType> inputTypes() {
    return inputs.stream().map(Value::type).toList();
  }

  @Override
  public String toString() {
    return outputs + " = " + op + inputs;
  }
}
