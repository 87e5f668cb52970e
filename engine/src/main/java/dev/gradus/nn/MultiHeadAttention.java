package dev.gradus.nn;

import dev.gradus.graph.Value;
import dev.gradus.graph.op.AddBias;
import dev.gradus.graph.op.Attention;
import dev.gradus.graph.op.MatMul;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.Shape;
import java.util.List;

/**
 * Self-attention of several heads over (N,T,features), as PyTorch's {@code MultiheadAttention}:
 * queries, keys and values are products of the input, and so is the output of the heads.
 * Parameters: "in_weight" (features,3*features), "in_bias", "out_weight" (features,features),
 * "out_bias".
 *
 * @param heads a divisor of the features.
 * @param causal whether a step sees itself and earlier ones alone.
 */
public record MultiHeadAttention(int heads, boolean causal) implements Layer {
  public MultiHeadAttention {
    if (heads < 1) {
      throw GradusException.outOfRange("heads of attention", "1 or more", heads);
    }
  }

  @Override
  public Value define(final Scope scope, final Value input) {
    final Shape shape = input.shape();
    if (shape.rank() != 3 || shape.last() % heads != 0) {
      throw GradusException.mismatch(
          "shape of input of attention", "[N,steps," + heads + "*d]", shape);
    }
    final int features = shape.last();
    final Value projected = affine(scope, "in", input, 3 * features);
    final Value mixed = scope.graph().applyAll(new Attention(heads, causal), projected).get(0);
    return affine(scope, "out", mixed, features);
  }

  private static Value affine(
      final Scope scope, final String name, final Value input, final int out) {
    final int in = input.shape().last();
    final Value weight =
        scope.parameter(name + "_weight", Shape.of(in, out), Initializers.glorotUniform(), in, out);
    final Value bias =
        scope.parameter(name + "_bias", Shape.of(out), Initializers.zeros(), in, out);
    return scope
        .graph()
        .apply(new AddBias(), scope.graph().apply(MatMul.PLAIN, input, weight), bias);
  }

  /** The layer that arguments {@code heads[,causal]} describe. */
  static Layer parse(final List<String> arguments) {
    final boolean causal = arguments.size() == 2 && arguments.get(1).equals("causal");
    if (arguments.isEmpty() || arguments.size() > (causal ? 2 : 1)) {
      throw GradusException.mismatch("arguments of attention", "heads[,causal]", arguments);
    }
    return new MultiHeadAttention(Layers.number("heads of attention", arguments.get(0)), causal);
  }

  @Override
  public String describe() {
    return "attention(" + heads + (causal ? ",causal" : "") + ")";
  }
}
