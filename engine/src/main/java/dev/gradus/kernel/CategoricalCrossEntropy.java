package dev.gradus.kernel;

/**
 * {@code -t * log(p)} of the probability of a class, summed over classes; the logarithm is at least
 * -100. {@code p} is an output of softmax: where it has rounded to 0 or 1 learning slows down,
 * which the cross-entropies of logits avoid.
 */
public record CategoricalCrossEntropy() implements LossFunction {
  private static final float SMALLEST = 1e-12f;

  @Override
  public String name() {
    return "categorical-cross-entropy";
  }

  @Override
  public boolean summed() {
    return true;
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
    return -t * BinaryCrossEntropyOfProbabilities.log(p);
  }

  @Override
  public float slope(final float p, final float t) {
    return -t / (p < SMALLEST ? SMALLEST : p);
  }
}
