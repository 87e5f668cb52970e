package dev.gradus.nn;

import dev.gradus.graph.Value;
import dev.gradus.graph.op.BatchNormPredict;
import dev.gradus.graph.op.UpdateStatistics;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.Shape;
import java.util.List;

/**
 * Batch normalisation: each channel of (N,channels,...) is brought to mean 0 and variance 1, then
 * scaled and shifted. Parameters (channels): "weight", ones at first, and "bias"; buffers "mean"
 * and "variance". Training takes the statistics of the batch and lets the buffers follow them,
 * prediction takes the buffers.
 *
 * <p>Source: Ioffe and Szegedy 2015; the buffers as PyTorch's {@code BatchNorm}.
 *
 * @param momentum the share of a batch's statistics in the new running ones.
 * @param epsilon is added to the variance.
 */
public record BatchNorm(double momentum, double epsilon) implements Layer {
  private static final double MOMENTUM = 0.1;
  static final double EPSILON = 1e-5;

  // One for all, so that equal layers declare equal parameters.
  static final Initializer ONES = Initializers.constant(1);
  static final Initializer ZEROS = Initializers.zeros();

  /** Checks both by the ops' own rules. */
  public BatchNorm {
    new UpdateStatistics(momentum);
    new dev.gradus.graph.op.BatchNorm(epsilon);
  }

  /** A momentum of 0.1, an epsilon of 1e-5. */
  public BatchNorm() {
    this(MOMENTUM, EPSILON);
  }

  @Override
  public Value define(final Scope scope, final Value input) {
    if (input.shape().rank() < 2) {
      throw GradusException.mismatch(
          "shape of input of batch_norm", "[N,channels,...]", input.shape());
    }
    final int channels = input.shape().dim(1);
    final Shape shape = Shape.of(channels);
    final Value weight = scope.parameter("weight", shape, ONES, channels, channels);
    final Value bias = scope.parameter("bias", shape, ZEROS, channels, channels);
    final Value mean = scope.buffer("mean", shape, ZEROS);
    final Value variance = scope.buffer("variance", shape, ONES);
    if (!scope.training()) {
      final BatchNormPredict norm = new BatchNormPredict(epsilon);
      return scope.graph().applyAll(norm, input, weight, bias, mean, variance).get(0);
    }
    final List<Value> outputs =
        scope.graph().applyAll(new dev.gradus.graph.op.BatchNorm(epsilon), input, weight, bias);
    final UpdateStatistics update = new UpdateStatistics(momentum);
    scope.graph().applyAll(update, mean, variance, outputs.get(1), outputs.get(2), input);
    return outputs.get(0);
  }

  /** The layer that arguments {@code [momentum,epsilon]} describe. */
  static Layer parse(final List<String> arguments) {
    if (arguments.isEmpty()) {
      return new BatchNorm();
    }
    if (arguments.size() != 2) {
      throw GradusException.mismatch("arguments of batch_norm", "[momentum,epsilon]", arguments);
    }
    return new BatchNorm(
        Layers.decimal("momentum of batch_norm", arguments.get(0)),
        Layers.decimal("epsilon of batch_norm", arguments.get(1)));
  }

  @Override
  public String describe() {
    return equals(new BatchNorm())
        ? "batch_norm()"
        : "batch_norm(" + momentum + "," + epsilon + ")";
  }
}
