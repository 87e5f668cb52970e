package dev.gradus.plan;

import dev.gradus.graph.Node;
import dev.gradus.graph.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Orders the nodes: those that compute keep the order of definition; each update runs as early as
 * it may, right after its gradient is complete, the last reader of the old value is done and
 * updates defined before that write what it reads. Then the gradient is still in cache and its
 * memory is free for the next. None runs before {@code first} is computed: a caller can look at
 * that and leave all as it was.
 */
final class Schedule {
  private Schedule() {}

  static boolean mutates(final Node node) {
    for (int input = 0; input < node.inputs().size(); input++) {
      if (node.op().mutates(input)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Orders.
   *
   * @param first what no update may precede; may be empty.
   */
  static List<Node> apply(final List<Node> nodes, final Set<Value> first) {
    final List<Node> computing = new ArrayList<>();
    final List<Node> updates = new ArrayList<>();
    for (final Node node : nodes) {
      (mutates(node) ? updates : computing).add(node);
    }
    final Views views = Views.of(nodes);
    final Map<Value, Integer> lastUse = new HashMap<>(); // as input or output
    for (int i = 0; i < computing.size(); i++) {
      for (final Value input : computing.get(i).inputs()) {
        lastUse.put(views.root(input), i);
      }
      for (final Value output : computing.get(i).outputs()) {
        lastUse.put(views.root(output), i);
      }
    }
    int earliest = -1;
    for (int i = 0; i < computing.size(); i++) {
      if (computing.get(i).outputs().stream().anyMatch(first::contains)) {
        earliest = i;
      }
    }
    final Map<Integer, List<Node>> updatesAfter = new HashMap<>();
    final Map<Value, Integer> written = new HashMap<>(); // by an update defined before
    for (final Node update : updates) {
      int ready = earliest;
      for (final Value input : update.inputs()) {
        ready = Math.max(ready, lastUse.getOrDefault(views.root(input), -1));
        ready = Math.max(ready, written.getOrDefault(views.root(input), -1));
      }
      for (int input = 0; input < update.inputs().size(); input++) {
        if (update.op().mutates(input)) {
          written.put(views.root(update.input(input)), ready);
        }
      }
      updatesAfter.computeIfAbsent(ready, position -> new ArrayList<>()).add(update);
    }
    final List<Node> order = new ArrayList<>(updatesAfter.getOrDefault(-1, List.of()));
    for (int i = 0; i < computing.size(); i++) {
      order.add(computing.get(i));
      order.addAll(updatesAfter.getOrDefault(i, List.of()));
    }
    return order;
  }
}
