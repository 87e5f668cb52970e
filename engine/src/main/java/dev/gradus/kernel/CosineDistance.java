package dev.gradus.kernel;

/**
 * {@code 1 - cos(p, t)} of two rows: 0 where they have the same direction, 2 where the opposite
 * one. Rows shorter than 1e-8 have none: the loss is 1 and its derivative 0.
 */
public record CosineDistance() implements RowLossFunction {
  private static final double SHORTEST = 1e-8;

  @Override
  public String name() {
    return "cosine";
  }

  @Override
  public Target target() {
    return Target.ROW;
  }

  @Override
  public double loss(final long prediction, final long target, final long columns) {
    return 1 - cosine(prediction, target, columns);
  }

  @Override
  public void gradient(
      final long prediction,
      final long target,
      final double dRow,
      final long dPrediction,
      final long columns) {
    slope(prediction, target, -dRow, dPrediction, columns);
  }

  private static double dot(final long a, final long b, final long count) {
    double sum = 0;
    for (long i = 0; i < count; i++) {
      sum += (double) RowLossFunction.at(a, i) * RowLossFunction.at(b, i);
    }
    return sum;
  }

  /** {@code cos(a, b)}, 0 where one is too short. */
  static double cosine(final long a, final long b, final long count) {
    final double lengthA = Math.sqrt(dot(a, a, count));
    final double lengthB = Math.sqrt(dot(b, b, count));
    return lengthA < SHORTEST || lengthB < SHORTEST ? 0 : dot(a, b, count) / (lengthA * lengthB);
  }

  /** {@code dA = factor * dcos(a, b)/da}. */
  static void slope(
      final long a, final long b, final double factor, final long dA, final long count) {
    final double squareA = dot(a, a, count);
    final double lengthA = Math.sqrt(squareA);
    final double lengthB = Math.sqrt(dot(b, b, count));
    final boolean none = lengthA < SHORTEST || lengthB < SHORTEST;
    final double across = none ? 0 : factor / (lengthA * lengthB);
    final double along = none ? 0 : across * dot(a, b, count) / squareA;
    for (long i = 0; i < count; i++) {
      RowLossFunction.set(
          dA, i, across * RowLossFunction.at(b, i) - along * RowLossFunction.at(a, i));
    }
  }
}
