package dev.gradus.nn;

import dev.gradus.graph.Value;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.Shape;
import java.util.List;

/**
 * Group normalisation: the channels of each row of (N,channels,...) are cut into groups, each of
 * which is brought to mean 0 and variance 1; then each channel is scaled and shifted. Parameters
 * (channels): "weight", ones at first, and "bias".
 *
 * <p>Source: Wu and He 2018.
 *
 * @param groups divides the channels; as many as channels is instance normalisation.
 * @param epsilon is added to the variance.
 */
public record GroupNorm(int groups, double epsilon) implements Layer {
  /** Checks groups and epsilon by the op's own rules. */
  public GroupNorm {
    new dev.gradus.graph.op.GroupNorm(1, groups, true, epsilon);
  }

  /** An epsilon of 1e-5. */
  public GroupNorm(final int groups) {
    this(groups, BatchNorm.EPSILON);
  }

  @Override
  public Value define(final Scope scope, final Value input) {
    if (input.shape().rank() < 2) {
      throw GradusException.mismatch(
          "shape of input of group_norm", "[N,channels,...]", input.shape());
    }
    final int channels = input.shape().dim(1);
    final Shape shape = Shape.of(channels);
    final Value weight = scope.parameter("weight", shape, BatchNorm.ONES, channels, channels);
    final Value bias = scope.parameter("bias", shape, BatchNorm.ZEROS, channels, channels);
    final int axes = input.shape().rank() - 1;
    final var norm = new dev.gradus.graph.op.GroupNorm(axes, groups, true, epsilon);
    return scope.graph().applyAll(norm, input, weight, bias).get(0);
  }

  /** The layer that arguments {@code groups[,epsilon]} describe. */
  static Layer parse(final List<String> arguments) {
    if (arguments.isEmpty() || arguments.size() > 2) {
      throw GradusException.mismatch("arguments of group_norm", "groups[,epsilon]", arguments);
    }
    return new GroupNorm(
        Layers.number("groups of group_norm", arguments.get(0)),
        arguments.size() < 2
            ? BatchNorm.EPSILON
            : Layers.decimal("epsilon of group_norm", arguments.get(1)));
  }

  @Override
  public String describe() {
    return "group_norm(" + groups + (epsilon == BatchNorm.EPSILON ? "" : "," + epsilon) + ")";
  }
}
