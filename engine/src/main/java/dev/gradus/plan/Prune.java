package dev.gradus.plan;

import dev.gradus.graph.Node;
import dev.gradus.graph.Value;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Drops nodes on which neither a kept value nor an update depends. */
final class Prune {
  private Prune() {}

  static List<Node> apply(final List<Node> nodes, final Set<Value> kept) {
    final Set<Value> needed = new HashSet<>(kept);
    final Deque<Node> live = new ArrayDeque<>();
    for (int i = nodes.size() - 1; i >= 0; i--) {
      final Node node = nodes.get(i);
      if (Schedule.mutates(node) || node.outputs().stream().anyMatch(needed::contains)) {
        needed.addAll(node.inputs());
        live.addFirst(node);
      }
    }
    return List.copyOf(live);
  }
}
