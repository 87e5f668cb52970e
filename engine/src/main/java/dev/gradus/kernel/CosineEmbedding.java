package dev.gradus.kernel;

/**
 * Of a row with two embeddings, {@code a} in its first half and {@code b} in its second: {@code 1 -
 * cos(a, b)} where the target is above 0, 1 by custom, {@code max(0, cos(a, b) - margin)} where it
 * is below, -1. Rows too short for {@link CosineDistance} have cosine 0.
 */
public record CosineEmbedding(float margin) implements RowLossFunction {
  public CosineEmbedding {
    RowLossFunction.requireMargin("cosine-embedding", margin);
  }

  @Override
  public String name() {
    return "cosine-embedding";
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
    return 2;
  }

  @Override
  public float lowestTarget() {
    return -1f;
  }

  @Override
  public float highestTarget() {
    return 1f;
  }

  @Override
  public double loss(final long prediction, final long target, final long columns) {
    final long half = columns / 2;
    final double cosine = CosineDistance.cosine(prediction, prediction + half * Float.BYTES, half);
    if (RowLossFunction.at(target, 0) > 0) {
      return 1 - cosine;
    }
    return cosine > margin ? cosine - margin : 0;
  }

  @Override
  public void gradient(
      final long prediction,
      final long target,
      final double dRow,
      final long dPrediction,
      final long columns) {
    final long half = columns / 2;
    final long second = prediction + half * Float.BYTES;
    final double factor;
    if (RowLossFunction.at(target, 0) > 0) {
      factor = -dRow;
    } else {
      factor = CosineDistance.cosine(prediction, second, half) > margin ? dRow : 0;
    }
    CosineDistance.slope(prediction, second, factor, dPrediction, half);
    CosineDistance.slope(second, prediction, factor, dPrediction + half * Float.BYTES, half);
  }
}
