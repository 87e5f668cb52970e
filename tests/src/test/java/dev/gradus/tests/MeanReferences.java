package dev.gradus.tests;

import dev.gradus.graph.Op;
import dev.gradus.memory.Shape;
import java.util.List;

/** Means and their gradients in double precision. */
final class MeanReferences {
  private MeanReferences() {}

  /** A rounding for each addition that a term takes part in, at most, and three more. */
  static List<RealTensor> mean(final Op op, final List<RealTensor> inputs) {
    final RealTensor x = inputs.get(0);
    double sum = 0;
    double magnitude = 0;
    for (int i = 0; i < x.length(); i++) {
      final double term = x.at(i) * weight(inputs, 1, i, x);
      sum += term;
      magnitude += Math.abs(term);
    }
    final RealTensor mean = RealTensor.zeros(Shape.of(1));
    mean.set(0, sum / x.length(), (x.length() + 3) * magnitude / x.length());
    return List.of(mean);
  }

  static List<RealTensor> meanGradient(final Op op, final List<RealTensor> inputs) {
    final RealTensor dX = RealTensor.zeros(inputs.get(1).shape());
    for (int i = 0; i < dX.length(); i++) {
      final double value = inputs.get(0).at(0) / dX.length() * weight(inputs, 2, i, dX);
      dX.set(i, value, 3 * Math.abs(value));
    }
    return List.of(dX);
  }

  private static double weight(
      final List<RealTensor> inputs, final int input, final int element, final RealTensor x) {
    return inputs.size() <= input
        ? 1
        : inputs.get(input).at(element / (x.length() / x.shape().dim(0)));
  }
}
