package dev.gradus.graph;

import dev.gradus.memory.GradusException;
import dev.gradus.memory.Shape;
import dev.gradus.memory.TensorType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * An append-only list of values and of the nodes that define them, in an order in which they can be
 * computed.
 */
public final class Graph {
  private final List<Value> values = new ArrayList<>();
  private final List<Node> nodes = new ArrayList<>();

  /** An empty graph. */
  public Graph() {}

  /** A tensor the caller writes before each run. */
  public Value input(final String name, final TensorType type) {
    return define(name, type, Value.Role.INPUT, 0);
  }

  /** A tensor of fixed shape that plans share: learned, or a layer's buffer. */
  public Value parameter(final String name, final Shape shape) {
    requireFixed(name, shape);
    return define(name, TensorType.float32(shape), Value.Role.PARAMETER, 0);
  }

  /**
   * A tensor that starts as zeros and is kept from run to run; of a batched shape, what each row of
   * a batch hands to the same row of the next.
   */
  public Value state(final String name, final Shape shape) {
    return define(name, TensorType.float32(shape), Value.Role.STATE, 0);
  }

  /** One float, shape [1]. */
  public Value constant(final float number) {
    return define(
        "constant " + number, TensorType.float32(Shape.of(1)), Value.Role.CONSTANT, number);
  }

  /**
   * Applies an op with one output.
   *
   * @throws GradusException where the inputs' types don't fit the op.
   */
  public Value apply(final Op op, final Value... inputs) {
    final List<TensorType> types = outputTypes(op, List.of(inputs));
    if (types.size() != 1) {
      throw GradusException.mismatch("outputs of " + op.name(), 1, types.size());
    }
    return append(op, List.of(inputs), types).get(0);
  }

  /** Applies an op with any number of outputs. */
  public List<Value> applyAll(final Op op, final Value... inputs) {
    return append(op, List.of(inputs), outputTypes(op, List.of(inputs)));
  }

  private List<TensorType> outputTypes(final Op op, final List<Value> inputs) {
    for (final Value input : inputs) {
      if (input.id() >= values.size() || values.get(input.id()) != input) {
        throw new GradusException(
            "input " + input + " of " + op.name() + " belongs to another graph");
      }
    }
    return op.outputs(inputs.stream().map(Value::type).toList());
  }

  private List<Value> append(final Op op, final List<Value> inputs, final List<TensorType> types) {
    final List<Value> outputs = new ArrayList<>(types.size());
    for (int i = 0; i < types.size(); i++) {
      final String name = op.name() + values.size();
      outputs.add(define(name, types.get(i), Value.Role.COMPUTED, 0));
    }
    nodes.add(new Node(op, inputs, outputs));
    return Collections.unmodifiableList(outputs);
  }

  public List<Node> nodes() {
    return Collections.unmodifiableList(nodes);
  }

  public List<Value> values() {
    return Collections.unmodifiableList(values);
  }

  private Value define(
      final String name, final TensorType type, final Value.Role role, final float constant) {
    final Value value = new Value(values.size(), name, type, role, constant);
    values.add(value);
    return value;
  }

  private static void requireFixed(final String name, final Shape shape) {
    if (shape.isBatched()) {
      throw GradusException.mismatch("shape of " + name, "fixed dimensions", shape);
    }
  }
}
