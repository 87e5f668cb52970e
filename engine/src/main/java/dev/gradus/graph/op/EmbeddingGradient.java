package dev.gradus.graph.op;

import dev.gradus.graph.Backend;
import dev.gradus.graph.Graph;
import dev.gradus.graph.Node;
import dev.gradus.graph.Op;
import dev.gradus.graph.Placement;
import dev.gradus.graph.Prepared;
import dev.gradus.graph.Step;
import dev.gradus.graph.Value;
import dev.gradus.kernel.Add;
import dev.gradus.kernel.BinaryKernel;
import dev.gradus.kernel.Fill;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.OffHeap;
import dev.gradus.memory.Shape;
import dev.gradus.memory.TensorType;
import java.util.List;

/**
 * The gradient of an {@link Embedding}'s table as a whole tensor (entries,features): row e is the
 * sum of the vectors whose index is e, in order. Inputs: int32 indices (...) and vectors
 * (...,features). Where an optimizer alone reads it, the compiler replaces both by an update of the
 * rows that occur, and this tensor never exists.
 */
public record EmbeddingGradient(int entries, int padding) implements Op {
  @Override
  public String name() {
    return "embedding_gradient";
  }

  @Override
  public List<TensorType> outputs(final List<TensorType> inputs) {
    Types.requireCount(name(), inputs, 2);
    Embedding.requireIndices(name(), inputs.get(0));
    Types.requireRank("gradient of rows of " + name(), inputs.get(1), 2);
    final Shape vectors = inputs.get(1).shape();
    Types.requireSame(
        "indices of " + name(), TensorType.int32(vectors.withoutLast()), inputs.get(0));
    return List.of(TensorType.float32(Shape.of(entries, vectors.last())));
  }

  @Override
  public List<Value> gradient(final Graph graph, final Node node, final List<Value> dOutputs) {
    throw new GradusException(name() + " has no gradient: expected=first derivatives alone");
  }

  @Override
  public Prepared prepare(final Node node, final Backend backend, final int capacity) {
    return new Prepared(
        backend.mode() + " scatter", placement -> new Scatter(this, node, backend, placement));
  }

  @Override
  public long flops(final Node node, final int rows) {
    return node.input(1).shape().elements(rows);
  }

  /** On one thread: rows that occur twice must be added in order. */
  private static final class Scatter implements Step {
    private final BinaryKernel add;
    private final Fill fill;
    private final Shape vectors;
    private final int padding;
    private final long tableElements;
    private final long indices;
    private final long gradient;
    private final long out;

    Scatter(
        final EmbeddingGradient op,
        final Node node,
        final Backend backend,
        final Placement placement) {
      this.add = Add.of(backend.mode());
      this.fill = Fill.of(backend.mode());
      this.vectors = node.input(1).shape();
      this.padding = op.padding;
      this.tableElements = node.output().shape().elements(1);
      this.indices = placement.input(0);
      this.gradient = placement.input(1);
      this.out = placement.output(0);
    }

    @Override
    public void run(final int rows) {
      fill.run(out, 0f, tableElements);
      final long features = vectors.last();
      final long count = vectors.vectors(rows);
      for (long i = 0; i < count; i++) {
        final int index = OffHeap.getInt(indices + i * Integer.BYTES);
        if (index != padding) {
          final long row = out + index * features * Float.BYTES;
          add.run(row, gradient + i * features * Float.BYTES, row, features);
        }
      }
    }
  }
}
