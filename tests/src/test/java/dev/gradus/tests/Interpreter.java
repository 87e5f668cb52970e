package dev.gradus.tests;

import dev.gradus.graph.Node;
import dev.gradus.graph.Op;
import dev.gradus.graph.Value;
import dev.gradus.memory.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Computes a graph's values in double precision with the references of {@link OpTable}, one node
 * after the other. It shares no code with kernels and plans; that every output has the shape the op
 * announced is checked on the way.
 */
final class Interpreter {
  private final int rows;
  private final Random noise;
  private final Map<Value, RealTensor> values = new HashMap<>();

  private Interpreter(final int rows, final Random noise) {
    this.rows = rows;
    this.noise = noise;
  }

  /** An interpreter for a batch of {@code rows}. */
  Interpreter(final int rows) {
    this(rows, null);
  }

  /**
   * An interpreter that moves every result at random by as much as a float32 computation may be
   * off. How far what follows from there strays from the exact values is a measure for how far a
   * float32 plan may.
   */
  static Interpreter noisy(final int rows, final Random noise) {
    return new Interpreter(rows, noise);
  }

  /** Gives an input, a parameter or a state its content. */
  void set(final Value value, final double... content) {
    values.put(value, RealTensor.of(RealTensor.bound(value.type(), rows), content));
  }

  /** The content of a value; of a state that was given none, zeros. */
  RealTensor get(final Value value) {
    final RealTensor known = values.get(value);
    if (known != null) {
      return known;
    }
    final Shape shape = RealTensor.bound(value.type(), rows);
    return switch (value.role()) {
      case CONSTANT -> RealTensor.of(shape, value.constant());
      case STATE -> RealTensor.zeros(shape);
      case INPUT, PARAMETER, COMPUTED -> throw new AssertionError("no content for " + value);
    };
  }

  double scalar(final Value value) {
    return get(value).at(0);
  }

  /**
   * Computes the outputs of nodes, each defined after its inputs; what an op mutates is replaced.
   */
  void run(final List<Node> nodes) {
    for (final Node node : nodes) {
      run(node);
    }
  }

  private void run(final Node node) {
    final List<RealTensor> inputs = node.inputs().stream().map(this::get).toList();
    final List<RealTensor> results = evaluate(node.op(), inputs);
    final List<Value> targets = new ArrayList<>(node.outputs());
    for (int input = 0; input < node.inputs().size(); input++) {
      if (node.op().mutates(input)) {
        targets.add(node.input(input));
      }
    }
    if (results.size() != targets.size()) {
      throw new AssertionError(
          "reference of " + node.op() + " gave " + results.size() + " results for " + targets);
    }
    for (int i = 0; i < results.size(); i++) {
      final Shape announced = RealTensor.bound(targets.get(i).type(), rows);
      if (!announced.equals(results.get(i).shape())) {
        throw new AssertionError(
            node.op()
                + " announced "
                + announced
                + ", its reference gave "
                + results.get(i).shape());
      }
      values.put(targets.get(i), noise == null ? results.get(i) : moved(results.get(i)));
    }
  }

  private RealTensor moved(final RealTensor result) {
    final RealTensor moved = RealTensor.zeros(result.shape());
    for (int i = 0; i < moved.length(); i++) {
      final double most = result.bound(i) * RealTensor.ROUNDING;
      moved.set(i, result.at(i) + most * noise.nextDouble(-1, 1), 0);
    }
    return moved;
  }

  /** One op by its own reference or that of its row. */
  static List<RealTensor> evaluate(final Op op, final List<RealTensor> inputs) {
    return op instanceof ReferencedOp own
        ? own.evaluate(inputs)
        : OpTable.row(op).reference().evaluate(op, inputs);
  }
}
