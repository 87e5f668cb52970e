package dev.gradus.tests;

import dev.gradus.graph.Op;
import dev.gradus.graph.op.Mean;
import dev.gradus.graph.op.MeanGradient;
import dev.gradus.memory.Shape;
import java.util.List;

/** Means and their gradients in double precision. */
final class MeanReferences {
  private MeanReferences() {}

  /** A rounding for each addition that a term takes part in, at most, and three more. */
  static List<RealTensor> mean(final Op op, final List<RealTensor> inputs) {
    final boolean counted = ((Mean) op).counted();
    final RealTensor x = inputs.get(0);
    double sum = 0;
    double magnitude = 0;
    for (int i = 0; i < x.length(); i++) {
      final double term = x.at(i) * weight(inputs, counted ? 2 : 1, i, x);
      sum += term;
      magnitude += Math.abs(term);
    }
    final double divisor = counted ? sum(inputs.get(1)) : x.length();
    final int roundings = (counted ? 2 : 1) * x.length() + 3;
    final RealTensor mean = RealTensor.zeros(Shape.of(1));
    if (divisor != 0) {
      mean.set(0, sum / divisor, roundings * magnitude / divisor);
    }
    return List.of(mean);
  }

  static List<RealTensor> meanGradient(final Op op, final List<RealTensor> inputs) {
    final boolean counted = ((MeanGradient) op).counted();
    final RealTensor dX = RealTensor.zeros(inputs.get(1).shape());
    final double divisor = counted ? sum(inputs.get(2)) : dX.length();
    final int roundings = counted ? dX.length() + 3 : 3;
    for (int i = 0; i < dX.length() && divisor != 0; i++) {
      final double value = inputs.get(0).at(0) / divisor * weight(inputs, counted ? 3 : 2, i, dX);
      dX.set(i, value, roundings * Math.abs(value));
    }
    return List.of(dX);
  }

  private static double sum(final RealTensor counts) {
    double sum = 0;
    for (int i = 0; i < counts.length(); i++) {
      sum += counts.at(i);
    }
    return sum;
  }

  private static double weight(
      final List<RealTensor> inputs, final int input, final int element, final RealTensor x) {
    return inputs.size() <= input
        ? 1
        : inputs.get(input).at(element / (x.length() / x.shape().dim(0)));
  }
}
