package dev.gradus.tests;

import dev.gradus.graph.Op;
import dev.gradus.graph.op.BatchNorm;
import dev.gradus.graph.op.BatchNormGradient;
import dev.gradus.graph.op.BatchNormPredict;
import dev.gradus.graph.op.GroupNorm;
import dev.gradus.graph.op.GroupNormGradient;
import dev.gradus.graph.op.GroupNormScaleGradient;
import dev.gradus.graph.op.UpdateStatistics;
import dev.gradus.memory.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/**
 * Normalisation in double precision, from the definitions: which elements share statistics, and
 * which a scale. Bounds are those of sums of n terms in any order, and of the operations behind.
 */
final class NormReferences {
  private NormReferences() {}

  /** Mean, variance and inverse deviation of some elements, and how far off they may be. */
  private record Statistics(
      double mean,
      double meanError,
      double variance,
      double varianceError,
      double inverse,
      double inverseError) {

    static Statistics of(
        final RealTensor x, final int[] members, final boolean centred, final double epsilon) {
      final int n = members.length;
      final double mean = centred ? Arrays.stream(members).mapToDouble(x::at).sum() / n : 0;
      final double magnitude =
          centred ? Arrays.stream(members).mapToDouble(i -> Math.abs(x.at(i))).sum() / n : 0;
      final double meanError = (n + 2) * magnitude;
      final double variance =
          Arrays.stream(members).mapToDouble(i -> Math.pow(x.at(i) - mean, 2)).sum() / n;
      // A mean that is off adds the square of what it is off.
      final double varianceError = (n + 5) * variance + meanError * meanError * RealTensor.ROUNDING;
      final double inverse = 1 / Math.sqrt(variance + epsilon);
      final double inverseError = inverse * (2 + varianceError / (2 * (variance + epsilon)));
      return new Statistics(mean, meanError, variance, varianceError, inverse, inverseError);
    }

    /** Given ones. */
    static Statistics given(final double mean, final double inverse) {
      return new Statistics(mean, 0, 0, 0, inverse, inverse);
    }

    void apply(
        final RealTensor x,
        final RealTensor y,
        final int[] members,
        final IntUnaryOperator channel,
        final RealTensor scale,
        final RealTensor shift) {
      for (final int i : members) {
        final double factor = scale.at(channel.applyAsInt(i));
        final double add = shift == null ? 0 : shift.at(channel.applyAsInt(i));
        final double centred = x.at(i) - mean;
        final double value = centred * inverse * factor;
        final double error =
            Math.abs(factor)
                    * (inverse * (Math.abs(centred) + meanError) + inverseError * Math.abs(centred))
                + 3 * Math.abs(value);
        y.set(i, value + add, error + Math.abs(value + add));
      }
    }
  }

  private static int inner(final Shape shape) {
    int inner = 1;
    for (int axis = 2; axis < shape.rank(); axis++) {
      inner *= shape.dim(axis);
    }
    return inner;
  }

  private static IntUnaryOperator channelOf(final Shape shape) {
    final int inner = inner(shape);
    return i -> i / inner % shape.dim(1);
  }

  /** For each kind, the elements that are of it. */
  private static int[][] members(final RealTensor x, final IntUnaryOperator kind, final int kinds) {
    final int[][] members = new int[kinds][x.length() / kinds];
    final int[] found = new int[kinds];
    for (int i = 0; i < x.length(); i++) {
      final int of = kind.applyAsInt(i);
      members[of][found[of]++] = i;
    }
    return members;
  }

  /** Inputs: x, scale, shift; results: y, mean, variance, inverse deviation. */
  static List<RealTensor> batchNorm(final Op op, final List<RealTensor> inputs) {
    final RealTensor x = inputs.get(0);
    final RealTensor y = RealTensor.zeros(x.shape());
    final Shape channels = inputs.get(1).shape();
    final RealTensor mean = RealTensor.zeros(channels);
    final RealTensor variance = RealTensor.zeros(channels);
    final RealTensor inverse = RealTensor.zeros(channels);
    final IntUnaryOperator channelOf = channelOf(x.shape());
    final int[][] all = members(x, channelOf, mean.length());
    for (int channel = 0; channel < mean.length(); channel++) {
      final int[] members = all[channel];
      final Statistics s = Statistics.of(x, members, true, ((BatchNorm) op).epsilon());
      mean.set(channel, s.mean, s.meanError);
      variance.set(channel, s.variance, s.varianceError);
      inverse.set(channel, s.inverse, s.inverseError);
      s.apply(x, y, members, channelOf, inputs.get(1), inputs.get(2));
    }
    return List.of(y, mean, variance, inverse);
  }

  /** Inputs: x, scale, shift, mean, variance; results: y and inverse deviation. */
  static List<RealTensor> batchNormPredict(final Op op, final List<RealTensor> inputs) {
    final RealTensor x = inputs.get(0);
    final RealTensor y = RealTensor.zeros(x.shape());
    final RealTensor inverse = RealTensor.zeros(inputs.get(1).shape());
    final IntUnaryOperator channelOf = channelOf(x.shape());
    final int[][] members = members(x, channelOf, inverse.length());
    for (int channel = 0; channel < inverse.length(); channel++) {
      final double variance = inputs.get(4).at(channel) + ((BatchNormPredict) op).epsilon();
      final Statistics s = Statistics.given(inputs.get(3).at(channel), 1 / Math.sqrt(variance));
      inverse.set(channel, s.inverse, s.inverseError);
      s.apply(x, y, members[channel], channelOf, inputs.get(1), inputs.get(2));
    }
    return List.of(y, inverse);
  }

  /** Inputs: dY, x, scale, mean, inverse deviation; results: dX, dScale, dShift. */
  static List<RealTensor> batchNormGradient(final Op op, final List<RealTensor> inputs) {
    final RealTensor x = inputs.get(1);
    final RealTensor scale = inputs.get(2);
    final RealTensor dX = RealTensor.zeros(x.shape());
    final RealTensor dScale = RealTensor.zeros(scale.shape());
    final RealTensor dShift = RealTensor.zeros(scale.shape());
    final IntUnaryOperator channelOf = channelOf(x.shape());
    final int[][] all = members(x, channelOf, scale.length());
    for (int channel = 0; channel < scale.length(); channel++) {
      final double mean = inputs.get(3).at(channel);
      final double inverse = inputs.get(4).at(channel);
      final int[] members = all[channel];
      scaleGradient(inputs.get(0), x, members, i -> mean, i -> inverse, channel, dScale, dShift);
      final boolean fixed = ((BatchNormGradient) op).fixed();
      gradient(inputs, members, channelOf, mean, inverse, !fixed, !fixed, dX);
    }
    return List.of(dX, dScale, dShift);
  }

  private interface At {
    double of(int element);
  }

  private static void scaleGradient(
      final RealTensor dY,
      final RealTensor x,
      final int[] members,
      final At mean,
      final At inverse,
      final int channel,
      final RealTensor dScale,
      final RealTensor dShift) {
    double sum = 0;
    double sumMagnitude = 0;
    double dot = 0;
    double dotMagnitude = 0;
    for (final int i : members) {
      final double term = dY.at(i) * (x.at(i) - mean.of(i)) * inverse.of(i);
      sum += dY.at(i);
      sumMagnitude += Math.abs(dY.at(i));
      dot += term;
      dotMagnitude += Math.abs(term);
    }
    dShift.set(channel, sum, (members.length + 1) * sumMagnitude);
    dScale.set(channel, dot, (members.length + 6) * dotMagnitude);
  }

  /** dX of elements that share statistics; {@code moving} says which of them depend on x. */
  private static void gradient(
      final List<RealTensor> inputs,
      final int[] members,
      final IntUnaryOperator channel,
      final double mean,
      final double inverse,
      final boolean movingMean,
      final boolean movingVariance,
      final RealTensor dX) {
    final int n = members.length;
    double sum = 0;
    double sumMagnitude = 0;
    double dot = 0;
    double dotMagnitude = 0;
    for (final int i : members) {
      final double g = inputs.get(0).at(i) * inputs.get(2).at(channel.applyAsInt(i));
      final double standard = (inputs.get(1).at(i) - mean) * inverse;
      sum += g / n;
      sumMagnitude += Math.abs(g) / n;
      dot += g * standard / n;
      dotMagnitude += Math.abs(g * standard) / n;
    }
    for (final int i : members) {
      final double g = inputs.get(0).at(i) * inputs.get(2).at(channel.applyAsInt(i));
      final double standard = (inputs.get(1).at(i) - mean) * inverse;
      final double value =
          inverse * (g - (movingMean ? sum : 0) - (movingVariance ? standard * dot : 0));
      final double error =
          inverse
              * (5 * Math.abs(g)
                  + (movingMean ? (n + 8) * sumMagnitude : 0)
                  + (movingVariance ? (n + 12) * Math.abs(standard) * dotMagnitude : 0));
      dX.set(i, value, error);
    }
  }

  /** Inputs: running mean and variance, mean, variance, x; results: the new running ones. */
  static List<RealTensor> updateStatistics(final Op op, final List<RealTensor> inputs) {
    final double momentum = ((UpdateStatistics) op).momentum();
    final RealTensor mean = RealTensor.zeros(inputs.get(0).shape());
    final RealTensor variance = RealTensor.zeros(inputs.get(0).shape());
    final int n = inputs.get(4).length() / mean.length();
    for (int i = 0; i < mean.length(); i++) {
      final double estimate = n == 1 ? 0 : inputs.get(3).at(i) * n / (n - 1);
      follow(n == 1 ? 0 : momentum, inputs.get(0).at(i), inputs.get(2).at(i), i, mean);
      follow(n == 1 ? 0 : momentum, inputs.get(1).at(i), estimate, i, variance);
    }
    return List.of(mean, variance);
  }

  private static void follow(
      final double momentum,
      final double before,
      final double batch,
      final int i,
      final RealTensor result) {
    final double value = before + momentum * (batch - before);
    result.set(i, value, Math.abs(value));
  }

  /** The elements of a group norm's block, from its axes. */
  private static int block(final GroupNorm norm, final Shape shape) {
    int block = 1;
    for (int axis = 1; axis <= norm.axes(); axis++) {
      block *= shape.dim(shape.rank() - axis);
    }
    return block;
  }

  private static IntUnaryOperator groupOf(final GroupNorm norm, final Shape shape) {
    final int length = block(norm, shape) / norm.groups();
    return i -> i / length;
  }

  private static IntUnaryOperator channelOf(
      final GroupNorm norm, final Shape shape, final RealTensor scale) {
    final int block = block(norm, shape);
    return i -> i % block / (block / scale.length());
  }

  /** Inputs: x, scale, shift where centred; results: y, mean, inverse deviation. */
  static List<RealTensor> groupNorm(final Op op, final List<RealTensor> inputs) {
    final GroupNorm norm = (GroupNorm) op;
    final RealTensor x = inputs.get(0);
    final RealTensor y = RealTensor.zeros(x.shape());
    final IntUnaryOperator groupOf = groupOf(norm, x.shape());
    final int groups = groupOf.applyAsInt(x.length() - 1) + 1;
    Shape statistics = x.shape();
    for (int axis = 0; axis < norm.axes(); axis++) {
      statistics = statistics.withoutLast();
    }
    statistics = statistics.withAppended(norm.groups());
    final RealTensor mean = RealTensor.zeros(statistics);
    final RealTensor inverse = RealTensor.zeros(statistics);
    final int length = x.length() / groups;
    for (int group = 0; group < groups; group++) {
      final int[] members = IntStream.range(group * length, (group + 1) * length).toArray();
      final Statistics s = Statistics.of(x, members, norm.centred(), norm.epsilon());
      mean.set(group, s.mean, s.meanError);
      inverse.set(group, s.inverse, s.inverseError);
      s.apply(
          x,
          y,
          members,
          channelOf(norm, x.shape(), inputs.get(1)),
          inputs.get(1),
          norm.centred() ? inputs.get(2) : null);
    }
    return List.of(y, mean, inverse);
  }

  /** Inputs: dY, x, scale, mean, inverse deviation; result: dX. */
  static List<RealTensor> groupNormGradient(final Op op, final List<RealTensor> inputs) {
    final GroupNorm norm = ((GroupNormGradient) op).norm();
    final RealTensor x = inputs.get(1);
    final RealTensor dX = RealTensor.zeros(x.shape());
    final int groups = inputs.get(3).length();
    final int length = x.length() / groups;
    for (int group = 0; group < groups; group++) {
      gradient(
          inputs,
          IntStream.range(group * length, (group + 1) * length).toArray(),
          channelOf(norm, x.shape(), inputs.get(2)),
          inputs.get(3).at(group),
          inputs.get(4).at(group),
          norm.centred(),
          true,
          dX);
    }
    return List.of(dX);
  }

  /** Inputs: dY, x, scale, mean, inverse deviation; results: dScale, dShift. */
  static List<RealTensor> groupNormScaleGradient(final Op op, final List<RealTensor> inputs) {
    final GroupNorm norm = ((GroupNormScaleGradient) op).norm();
    final RealTensor x = inputs.get(1);
    final RealTensor dScale = RealTensor.zeros(inputs.get(2).shape());
    final RealTensor dShift = RealTensor.zeros(inputs.get(2).shape());
    final IntUnaryOperator channelOf = channelOf(norm, x.shape(), inputs.get(2));
    final IntUnaryOperator groupOf = groupOf(norm, x.shape());
    final RealTensor mean = inputs.get(3);
    final RealTensor inverse = inputs.get(4);
    final int[][] members = members(x, channelOf, dScale.length());
    for (int channel = 0; channel < dScale.length(); channel++) {
      scaleGradient(
          inputs.get(0),
          x,
          members[channel],
          i -> mean.at(groupOf.applyAsInt(i)),
          i -> inverse.at(groupOf.applyAsInt(i)),
          channel,
          dScale,
          dShift);
    }
    return List.of(dScale, dShift);
  }
}
