package dev.gradus.tests;

import dev.gradus.graph.Op;
import dev.gradus.graph.op.ElementwiseLoss;
import dev.gradus.graph.op.ElementwiseLossGradient;
import dev.gradus.kernel.LossFunction;
import dev.gradus.kernel.SquaredError;
import java.util.List;

/**
 * A loss of single elements in double precision, straight from its definition.
 *
 * @param function what it stands beside, with its settings.
 * @param term of prediction and target.
 * @param slope of the term with respect to the prediction.
 * @param termError how far a float32 term may be off, in units of {@link RealTensor#ROUNDING}.
 * @param slopeError likewise for the slope.
 * @param predictions how they are drawn.
 * @param targets how they are drawn.
 */
record LossFunctionReference(
    LossFunction function,
    Pair term,
    Pair slope,
    Pair termError,
    Pair slopeError,
    Draw predictions,
    Draw targets) {

  /** A function of prediction and target. */
  @FunctionalInterface
  interface Pair {
    double of(double p, double t);
  }

  /** Every function, some with several settings. */
  static List<LossFunctionReference> all() {
    return List.of(
        new LossFunctionReference(
            new SquaredError(),
            (p, t) -> Math.pow(p - t, 2),
            (p, t) -> 2 * (p - t),
            (p, t) -> 3 * Math.pow(p - t, 2),
            (p, t) -> Math.abs(p - t) * 2,
            Draw.normal(),
            Draw.normal()));
  }

  private static LossFunctionReference of(final LossFunction function) {
    return all().stream()
        .filter(reference -> reference.function.equals(function))
        .findFirst()
        .orElseThrow(() -> new AssertionError(function + " has no reference"));
  }

  static List<RealTensor> rows(final Op op, final List<RealTensor> inputs) {
    final LossFunctionReference reference = of(((ElementwiseLoss) op).function());
    final RealTensor prediction = inputs.get(0);
    final RealTensor rows = RealTensor.zeros(prediction.shape().withoutLast());
    final int n = prediction.columns();
    final int divisor = reference.function.summed() ? 1 : n;
    for (int row = 0; row < rows.length(); row++) {
      double sum = 0;
      double error = 0;
      for (int i = 0; i < n; i++) {
        final double p = prediction.at(row, i);
        final double t = inputs.get(1).at(row, i);
        final double term = reference.term.of(p, t);
        sum += term;
        // Each term takes part in n additions at most, then in a division.
        error += reference.termError.of(p, t) + (n + 1) * Math.abs(term);
      }
      rows.set(row, sum / divisor, error / divisor);
    }
    return List.of(rows);
  }

  static List<RealTensor> gradient(final Op op, final List<RealTensor> inputs) {
    final LossFunctionReference reference = of(((ElementwiseLossGradient) op).function());
    final RealTensor prediction = inputs.get(0);
    final RealTensor d = RealTensor.zeros(prediction.shape());
    final int divisor = reference.function.summed() ? 1 : d.columns();
    for (int i = 0; i < d.length(); i++) {
      final double p = prediction.at(i);
      final double t = inputs.get(1).at(i);
      final double factor = inputs.get(2).at(i / d.columns()) / divisor;
      final double slope = reference.slope.of(p, t);
      final double error = reference.slopeError.of(p, t) + 3 * Math.abs(slope);
      d.set(i, slope * factor, error * Math.abs(factor));
    }
    return List.of(d);
  }
}
