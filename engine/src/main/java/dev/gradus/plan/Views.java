package dev.gradus.plan;

import dev.gradus.graph.Node;
import dev.gradus.graph.Value;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/** Which values are views, and of what. */
final class Views {
  private final Map<Value, Value> roots = new HashMap<>();

  private Views() {}

  /**
   * Finds them.
   *
   * @param nodes each behind those whose values it reads.
   */
  static Views of(final List<Node> nodes) {
    final Views views = new Views();
    for (final Node node : nodes) {
      if (node.op().isView()) {
        views.roots.put(node.output(), views.root(node.input(0)));
      }
    }
    return views;
  }

  /** The value in whose memory a value lies: itself unless it is a view. */
  Value root(final Value value) {
    return roots.getOrDefault(value, value);
  }

  /** Takes every view and its root. */
  void forEach(final BiConsumer<Value, Value> action) {
    roots.forEach(action);
  }
}
