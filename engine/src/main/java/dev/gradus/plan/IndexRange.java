package dev.gradus.plan;

import dev.gradus.graph.Node;
import dev.gradus.graph.Value;
import dev.gradus.graph.op.Embedding;
import dev.gradus.memory.DType;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.Tensor;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The indices an int32 input may hold, checked before a run: one outside would lead an embedding to
 * memory that is not its table's.
 */
final class IndexRange {
  private final int entries;

  private IndexRange(final int entries) {
    this.entries = entries;
  }

  /** The range that suits all embeddings that read an input; of a float input, none. */
  static IndexRange of(final List<Node> nodes, final Value input) {
    if (input.type().dtype() != DType.INT32) {
      return new IndexRange(-1);
    }
    int entries = Integer.MAX_VALUE;
    final Set<Value> views = new HashSet<>(Set.of(input)); // the input under other shapes too
    for (final Node node : nodes) {
      if (node.op().isView() && views.contains(node.input(0))) {
        views.add(node.output());
      }
      if (node.op() instanceof Embedding && views.contains(node.input(1))) {
        entries = Math.min(entries, node.input(0).shape().dim(0));
      }
    }
    return new IndexRange(entries);
  }

  /**
   * Checks the first rows.
   *
   * @throws GradusException where an index is out of range.
   */
  void require(final Tensor input, final int rows) {
    if (entries < 0) {
      return;
    }
    final long count = input.elements() / input.shape().dim(0) * rows;
    for (long i = 0; i < count; i++) {
      final int index = input.getInt(i);
      if (index < 0 || index >= entries) {
        throw GradusException.outOfRange(
            "index " + i + " of input", "0 to " + (entries - 1), index);
      }
    }
  }
}
