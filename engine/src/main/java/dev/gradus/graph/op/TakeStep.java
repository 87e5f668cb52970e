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

/** One step of each sequence: of (N,T,features), (N,features). */
public record TakeStep(int step) implements Op {
  @Override
  public String name() {
    return "take_step";
  }

  @Override
  public List<TensorType> outputs(final List<TensorType> inputs) {
    Types.requireCount(name(), inputs, 1);
    Types.requireFloat("input of " + name(), inputs.get(0));
    final Shape shape = inputs.get(0).shape();
    if (shape.rank() != 3 || step < 0 || step >= shape.dim(1)) {
      throw GradusException.mismatch(
          "shape of input of " + name(), "[N,steps,features] with a step " + step, shape);
    }
    return List.of(TensorType.float32(shape.withoutLast().withLast(shape.last())));
  }

  @Override
  public List<Value> gradient(final Graph graph, final Node node, final List<Value> dOutputs) {
    return List.of(graph.apply(new PlaceStep(step, node.input(0).shape().dim(1)), dOutputs.get(0)));
  }

  @Override
  public Prepared prepare(final Node node, final Backend backend, final int capacity) {
    final Shape shape = node.input(0).shape();
    return new Prepared(
        "copy",
        placement ->
            new SequenceCopy(backend, shape) {
              private final long x = placement.input(0);
              private final long out = placement.output(0);

              @Override
              void sequence(final long row) {
                copy(at(x, row, step), vector(out, row));
              }
            });
  }

  @Override
  public long flops(final Node node, final int rows) {
    return 0;
  }
}
