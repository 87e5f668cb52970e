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
 * Sequences of zeros with one step given, the gradient of {@link TakeStep}: of (N,features),
 * (N,steps,features).
 */
public record PlaceStep(int step, int steps) implements Op {
  @Override
  public String name() {
    return "place_step";
  }

  @Override
  public List<TensorType> outputs(final List<TensorType> inputs) {
    Types.requireCount(name(), inputs, 1);
    Types.requireFloat("input of " + name(), inputs.get(0));
    final Shape shape = inputs.get(0).shape();
    if (shape.rank() != 2) {
      throw GradusException.mismatch("shape of input of " + name(), "[N,features]", shape);
    }
    final int features = shape.last();
    return List.of(
        TensorType.float32(
            shape.isBatched()
                ? Shape.batched(steps, features)
                : Shape.of(shape.dim(0), steps, features)));
  }

  @Override
  public List<Value> gradient(final Graph graph, final Node node, final List<Value> dOutputs) {
    return List.of(graph.apply(new TakeStep(step), dOutputs.get(0)));
  }

  @Override
  public Prepared prepare(final Node node, final Backend backend, final int capacity) {
    final Shape shape = node.output().shape();
    return new Prepared(
        "copy",
        placement ->
            new SequenceCopy(backend, shape) {
              private final long x = placement.input(0);
              private final long out = placement.output(0);

              @Override
              void sequence(final long row) {
                zero(at(out, row, 0), steps);
                copy(vector(x, row), at(out, row, step));
              }
            });
  }

  @Override
  public long flops(final Node node, final int rows) {
    return 0;
  }
}
