package dev.gradus.graph.op;

import dev.gradus.graph.Backend;
import dev.gradus.graph.Graph;
import dev.gradus.graph.Node;
import dev.gradus.graph.Op;
import dev.gradus.graph.Prepared;
import dev.gradus.graph.Value;
import dev.gradus.memory.TensorType;
import java.util.List;

/** {@code a - b}, of the same shape. */
public record Subtract() implements Op {
  @Override
  public String name() {
    return "subtract";
  }

  @Override
  public List<TensorType> outputs(final List<TensorType> inputs) {
    return Types.elementwise(name(), inputs);
  }

  @Override
  public List<Value> gradient(final Graph graph, final Node node, final List<Value> dOutputs) {
    return List.of(dOutputs.get(0), graph.apply(new Scale(-1), dOutputs.get(0)));
  }

  @Override
  public Prepared prepare(final Node node, final Backend backend, final int capacity) {
    return BinaryStep.prepare(node, backend, dev.gradus.kernel.Subtract.of(backend.mode()));
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
