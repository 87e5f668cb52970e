package dev.gradus.nn;

import dev.gradus.graph.Value;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.Shape;
import java.util.List;

/**
 * Layer normalisation: the last dimensions of each row are brought to mean 0 and variance 1
 * together, then each element is scaled and shifted. RMS normalisation: they are divided by the
 * root of their mean square, then scaled. Parameters, of the shape of these dimensions: "weight",
 * ones at first, and for layer normalisation "bias".
 *
 * <p>Source: Ba, Kiros and Hinton 2016; Zhang and Sennrich 2019.
 *
 * @param centred whether to take the mean away; else it is RMS normalisation.
 * @param axes how many of the last dimensions, 1 for the features alone.
 * @param epsilon is added to the variance or mean square.
 */
public record LayerNorm(boolean centred, int axes, double epsilon) implements Layer {
  /** Checks axes and epsilon by the op's own rules. */
  public LayerNorm {
    new dev.gradus.graph.op.GroupNorm(axes, 1, centred, epsilon);
  }

  /** Over the last dimension, with an epsilon of 1e-5. */
  public LayerNorm() {
    this(true, 1, BatchNorm.EPSILON);
  }

  /** RMS normalisation over the last dimension, with an epsilon of 1e-5. */
  public static LayerNorm rms() {
    return new LayerNorm(false, 1, BatchNorm.EPSILON);
  }

  private static String name(final boolean centred) {
    return centred ? "layer_norm" : "rms_norm";
  }

  @Override
  public Value define(final Scope scope, final Value input) {
    final int rank = input.shape().rank();
    if (rank <= axes) {
      throw GradusException.mismatch(
          "rank of input of " + name(centred),
          axes + " dimensions behind the batch",
          input.shape());
    }
    final int[] block = new int[axes];
    for (int axis = 0; axis < axes; axis++) {
      block[axis] = input.shape().dim(rank - axes + axis);
    }
    final Shape shape = Shape.of(block);
    final int first = block[0];
    final Value weight = scope.parameter("weight", shape, BatchNorm.ONES, first, first);
    final var norm = new dev.gradus.graph.op.GroupNorm(axes, 1, centred, epsilon);
    if (!centred) {
      return scope.graph().applyAll(norm, input, weight).get(0);
    }
    final Value bias = scope.parameter("bias", shape, BatchNorm.ZEROS, first, first);
    return scope.graph().applyAll(norm, input, weight, bias).get(0);
  }

  /** The layer that arguments {@code [axes[,epsilon]]} describe. */
  static Layer parse(final boolean centred, final List<String> arguments) {
    final String name = name(centred);
    if (arguments.size() > 2) {
      throw GradusException.mismatch("arguments of " + name, "[axes[,epsilon]]", arguments);
    }
    return new LayerNorm(
        centred,
        arguments.isEmpty() ? 1 : Layers.number("axes of " + name, arguments.get(0)),
        arguments.size() < 2
            ? BatchNorm.EPSILON
            : Layers.decimal("epsilon of " + name, arguments.get(1)));
  }

  @Override
  public String describe() {
    final String last = epsilon == BatchNorm.EPSILON ? "" : "," + epsilon;
    return name(centred) + "(" + (axes == 1 && last.isEmpty() ? "" : axes + last) + ")";
  }
}
