package dev.gradus.kernel;

/**
 * {@code (|g| - 1)^2} of a row {@code g} of gradients of a critic's score by its input (Gulrajani
 * et al., Improved training of Wasserstein GANs, 2017); the derivative at 0 is 0. The target is not
 * read.
 */
public record GradientPenalty() implements RowLossFunction {
  @Override
  public String name() {
    return "gradient-penalty";
  }

  @Override
  public Target target() {
    return Target.NUMBER;
  }

  private static double length(final long row, final long columns) {
    double sum = 0;
    for (long c = 0; c < columns; c++) {
      final double value = RowLossFunction.at(row, c);
      sum += value * value;
    }
    return Math.sqrt(sum);
  }

  @Override
  public double loss(final long prediction, final long target, final long columns) {
    final double excess = length(prediction, columns) - 1;
    return excess * excess;
  }

  @Override
  public void gradient(
      final long prediction,
      final long target,
      final double dRow,
      final long dPrediction,
      final long columns) {
    final double length = length(prediction, columns);
    final double factor = length == 0 ? 0 : 2 * dRow * (length - 1) / length;
    for (long c = 0; c < columns; c++) {
      RowLossFunction.set(dPrediction, c, factor * RowLossFunction.at(prediction, c));
    }
  }
}
