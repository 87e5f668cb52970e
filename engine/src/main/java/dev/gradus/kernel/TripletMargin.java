package dev.gradus.kernel;

/**
 * {@code max(0, |a - p| - |a - n| + margin)} of a row with three embeddings one behind the other:
 * anchor {@code a}, positive {@code p} of the same kind, negative {@code n} of another (Schroff et
 * al., FaceNet, 2015). Distances are those of PyTorch, with 1e-6 added to each difference, which
 * keeps the derivative finite where two are equal. The target is not read.
 */
public record TripletMargin(float margin) implements RowLossFunction {
  private static final double EPSILON = 1e-6;

  public TripletMargin {
    RowLossFunction.requireMargin("triplet-margin", margin);
  }

  @Override
  public String name() {
    return "triplet-margin";
  }

  @Override
  public String describe() {
    return name() + '(' + margin + ')';
  }

  @Override
  public Target target() {
    return Target.NUMBER;
  }

  @Override
  public int parts() {
    return 3;
  }

  @Override
  public double loss(final long prediction, final long target, final long columns) {
    final long part = columns / 3;
    final long positive = prediction + part * Float.BYTES;
    final long negative = positive + part * Float.BYTES;
    final double lack =
        distance(prediction, positive, part) - distance(prediction, negative, part) + margin;
    return lack > 0 ? lack : 0;
  }

  @Override
  public void gradient(
      final long prediction,
      final long target,
      final double dRow,
      final long dPrediction,
      final long columns) {
    final long part = columns / 3;
    final long positive = prediction + part * Float.BYTES;
    final long negative = positive + part * Float.BYTES;
    final double near = distance(prediction, positive, part);
    final double far = distance(prediction, negative, part);
    final double factor = near - far + margin > 0 ? dRow : 0;
    for (long i = 0; i < part; i++) {
      final double byPositive = factor * difference(prediction, positive, i) / near;
      final double byNegative = factor * difference(prediction, negative, i) / far;
      RowLossFunction.set(dPrediction, i, byPositive - byNegative);
      RowLossFunction.set(dPrediction, part + i, -byPositive);
      RowLossFunction.set(dPrediction, 2 * part + i, byNegative);
    }
  }

  private static double difference(final long a, final long b, final long i) {
    return (double) RowLossFunction.at(a, i) - RowLossFunction.at(b, i) + EPSILON;
  }

  private static double distance(final long a, final long b, final long count) {
    double sum = 0;
    for (long i = 0; i < count; i++) {
      final double difference = difference(a, b, i);
      sum += difference * difference;
    }
    return Math.sqrt(sum);
  }
}
