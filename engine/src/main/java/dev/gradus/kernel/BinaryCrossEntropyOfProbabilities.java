package dev.gradus.kernel;

/**
 * Binary cross-entropy of a probability: {@code -t * log(p) - (1 - t) * log(1 - p)}, logarithms at
 * least -100 as PyTorch's {@code BCELoss}. {@code p} is a sigmoid's output: where it has rounded to
 * 0 or 1, learning stops, which {@link BinaryCrossEntropy} of the logit itself avoids. Outside 0 to
 * 1 the loss is NaN.
 */
public record BinaryCrossEntropyOfProbabilities() implements LossFunction {
  private static final float LOWEST_LOG = -100f;
  private static final float SMALLEST = 1e-12f;

  /** At least -100. */
  static float log(final float p) {
    final float log = Log.of(p);
    return log < LOWEST_LOG ? LOWEST_LOG : log;
  }

  @Override
  public String name() {
    return "binary-cross-entropy-probabilities";
  }

  @Override
  public float lowestTarget() {
    return 0f;
  }

  @Override
  public float highestTarget() {
    return 1f;
  }

  @Override
  public float term(final float p, final float t) {
    return -t * log(p) - (1f - t) * log(1f - p);
  }

  @Override
  public float slope(final float p, final float t) {
    final float variance = p * (1f - p);
    return (p - t) / (variance < SMALLEST ? SMALLEST : variance);
  }
}
