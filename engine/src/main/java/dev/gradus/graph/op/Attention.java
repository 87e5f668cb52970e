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
 * Scaled dot-product attention of several heads, {@code softmax(Q K^T / sqrt(d)) V} for each
 * sequence and head. Input: queries, keys and values side by side, (N,T,3*features); a head has the
 * same {@code d = features / heads} columns in each third, so its matrices are read where they lie.
 * Outputs: (N,T,features), heads side by side, and the probabilities (N,heads,T,T), which the
 * gradient needs.
 *
 * <p>Source: Vaswani et al. 2017.
 *
 * @param causal whether a step sees itself and earlier ones alone.
 */
public record Attention(int heads, boolean causal) implements Op {
  @Override
  public String name() {
    return "attention";
  }

  @Override
  public List<TensorType> outputs(final List<TensorType> inputs) {
    Types.requireCount(name(), inputs, 1);
    Types.requireFloat("input of " + name(), inputs.get(0));
    final Shape shape = inputs.get(0).shape();
    if (shape.rank() != 3 || shape.last() % (3 * heads) != 0) {
      throw GradusException.mismatch(
          "shape of input of " + name(), "[N,steps,3*" + heads + "*d]", shape);
    }
    return List.of(TensorType.float32(shape.withLast(shape.last() / 3)), probabilityType(shape));
  }

  /** (N,heads,T,T) for sequences (N,T,...). */
  TensorType probabilityType(final Shape sequences) {
    final int steps = sequences.dim(1);
    return TensorType.float32(
        sequences.withoutLast().withLast(heads).withAppended(steps).withAppended(steps));
  }

  @Override
  public List<Value> gradient(final Graph graph, final Node node, final List<Value> dOutputs) {
    if (dOutputs.get(1) != null) {
      throw new GradusException(
          "the probabilities of " + name() + " have no gradient: expected=use of its first output");
    }
    return List.of(
        graph.apply(
            new AttentionGradient(this), node.input(0), node.outputs().get(1), dOutputs.get(0)));
  }

  @Override
  public Prepared prepare(final Node node, final Backend backend, final int capacity) {
    return AttentionStep.prepare(this, node, backend);
  }

  @Override
  public long flops(final Node node, final int rows) {
    final Shape out = node.output().shape();
    return 4 * out.elements(rows) * out.dim(1) + 5 * node.outputs().get(1).shape().elements(rows);
  }
}
