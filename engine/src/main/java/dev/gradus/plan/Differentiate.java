package dev.gradus.plan;

import dev.gradus.graph.Graph;
import dev.gradus.graph.Node;
import dev.gradus.graph.Value;
import dev.gradus.graph.op.Add;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.Shape;
import dev.gradus.memory.TensorType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reverse-mode differentiation: appends to a graph the ops that compute the gradient of a scalar.
 * Contributions to one value are added in the order in which the reverse walk meets them, so the
 * sum's order is fixed.
 */
public final class Differentiate {
  private final Graph graph;
  private final Map<Value, Value> gradients = new HashMap<>();

  private Differentiate(final Graph graph) {
    this.graph = graph;
  }

  /**
   * Appends gradients.
   *
   * @param loss of shape [1].
   * @param wanted the values to differentiate with respect to.
   * @return for each wanted value its gradient.
   * @throws GradusException where the loss is no scalar or does not depend on a wanted value, or
   *     where an op on the way has no gradient with respect to an input that depends on one.
   */
  public static Map<Value, Value> gradients(
      final Graph graph, final Value loss, final List<Value> wanted) {
    final TensorType scalar = TensorType.float32(Shape.of(1));
    if (!loss.type().equals(scalar)) {
      throw GradusException.mismatch("type of the loss", scalar, loss.type());
    }
    final Differentiate pass = new Differentiate(graph);
    pass.walk(loss, dependents(graph, wanted));
    final Map<Value, Value> result = new HashMap<>();
    for (final Value value : wanted) {
      final Value gradient = pass.gradients.get(value);
      if (gradient == null) {
        throw GradusException.mismatch(
            "loss as a function of " + value, "dependent", "independent");
      }
      result.put(value, gradient);
    }
    return result;
  }

  private void walk(final Value loss, final Set<Value> dependents) {
    final List<Node> forward = List.copyOf(graph.nodes());
    gradients.put(loss, graph.constant(1));
    for (int i = forward.size() - 1; i >= 0; i--) {
      final Node node = forward.get(i);
      final List<Value> dOutputs = new ArrayList<>();
      boolean reached = false;
      for (final Value output : node.outputs()) {
        final Value dOutput = gradients.get(output);
        dOutputs.add(dOutput);
        reached |= dOutput != null;
      }
      if (reached && node.inputs().stream().anyMatch(dependents::contains)) {
        final List<Value> dInputs = node.op().gradient(graph, node, dOutputs);
        accumulate(node, dInputs, dependents);
      }
    }
  }

  private void accumulate(final Node node, final List<Value> dInputs, final Set<Value> dependents) {
    for (int input = 0; input < dInputs.size(); input++) {
      final Value dInput = dInputs.get(input);
      final Value value = node.input(input);
      final boolean reached = dependents.contains(value) && !node.op().isConstantIn(input);
      if (reached && dInput == null) {
        throw new GradusException(
            node.op().name()
                + " has no gradient with respect to "
                + value
                + ": expected=an input that no parameter computes");
      }
      if (reached) {
        if (!dInput.type().equals(value.type())) {
          throw new IllegalStateException(
              "gradient of "
                  + node
                  + " for input "
                  + input
                  + " is "
                  + dInput
                  + ", not "
                  + value.type());
        }
        gradients.merge(value, dInput, (old, more) -> graph.apply(new Add(), old, more));
      }
    }
  }

  /** The values that a loss depends on as a function with a gradient. */
  static Set<Value> origins(final Graph graph, final Value loss) {
    final Set<Value> origins = new HashSet<>(Set.of(loss));
    final List<Node> nodes = graph.nodes();
    for (int i = nodes.size() - 1; i >= 0; i--) {
      final Node node = nodes.get(i);
      if (node.outputs().stream().anyMatch(origins::contains)) {
        for (int input = 0; input < node.inputs().size(); input++) {
          if (!node.op().isConstantIn(input)) {
            origins.add(node.input(input));
          }
        }
      }
    }
    return origins;
  }

  /** The wanted values and all that is computed from them. */
  private static Set<Value> dependents(final Graph graph, final List<Value> wanted) {
    final Set<Value> dependents = new HashSet<>(wanted);
    for (final Node node : graph.nodes()) {
      for (int input = 0; input < node.inputs().size(); input++) {
        if (dependents.contains(node.input(input)) && !node.op().isConstantIn(input)) {
          dependents.addAll(node.outputs());
        }
      }
    }
    return dependents;
  }
}
