package dev.gradus.tests;

import dev.gradus.graph.Graph;
import dev.gradus.graph.Node;
import dev.gradus.graph.Op;
import dev.gradus.graph.Value;
import dev.gradus.memory.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * One application of an op to inputs of given types.
 *
 * @param capacity the most rows of a run.
 * @param draws how each input's values are drawn.
 */
record Sample(Op op, int capacity, List<TensorType> types, List<Draw> draws) {
  Sample {
    types = List.copyOf(types);
    draws = List.copyOf(draws);
    if (types.size() != draws.size()) {
      throw new AssertionError(op + ": " + types.size() + " types, " + draws.size() + " draws");
    }
  }

  /** The op applied to inputs in a graph. */
  Node apply(final Graph graph) {
    final Value[] inputs = new Value[types.size()];
    for (int i = 0; i < inputs.length; i++) {
      inputs[i] = graph.input("input" + i, types.get(i));
    }
    graph.applyAll(op, inputs);
    return graph.nodes().get(graph.nodes().size() - 1);
  }

  /** Values for all inputs in a run of {@code rows}. */
  List<double[]> draw(final long seed, final int rows) {
    final Random random = new Random(seed);
    final List<double[]> values = new ArrayList<>();
    for (int i = 0; i < types.size(); i++) {
      values.add(draws.get(i).from(random, RealTensor.bound(types.get(i), rows)));
    }
    return values;
  }

  /** The sizes of a run worth testing: one row, about half the capacity, all of it. */
  List<Integer> rows() {
    final boolean batched = types.stream().anyMatch(type -> type.shape().isBatched());
    return batched && capacity > 2
        ? List.of(1, (capacity + 1) / 2, capacity)
        : batched && capacity == 2 ? List.of(1, 2) : List.of(capacity);
  }

  /** Floats in all inputs of a full batch. */
  long elements() {
    return types.stream().mapToLong(type -> type.shape().elements(capacity)).sum();
  }

  @Override
  public String toString() {
    return op + " of " + types + " up to " + capacity + " rows";
  }
}
