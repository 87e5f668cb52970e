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
 * The same elements in the same order under another shape; a batch stays a batch. A view: it takes
 * neither time nor memory.
 */
public record Reshape(Shape shape) implements Op {
  @Override
  public String name() {
    return "reshape";
  }

  @Override
  public List<TensorType> outputs(final List<TensorType> inputs) {
    Types.requireCount(name(), inputs, 1);
    final Shape from = inputs.get(0).shape();
    if (from.isBatched() != shape.isBatched() || from.elements(1) != shape.elements(1)) {
      throw GradusException.mismatch(
          "shape of input of reshape to " + shape,
          shape.elements(1) + " elements" + (shape.isBatched() ? " a row" : ""),
          from);
    }
    return List.of(new TensorType(inputs.get(0).dtype(), shape));
  }

  @Override
  public List<Value> gradient(final Graph graph, final Node node, final List<Value> dOutputs) {
    return List.of(graph.apply(new Reshape(node.input(0).shape()), dOutputs.get(0)));
  }

  @Override
  public Prepared prepare(final Node node, final Backend backend, final int capacity) {
    return new Prepared("view", placement -> rows -> {});
  }

  @Override
  public long flops(final Node node, final int rows) {
    return 0;
  }

  @Override
  public boolean isView() {
    return true;
  }
}
