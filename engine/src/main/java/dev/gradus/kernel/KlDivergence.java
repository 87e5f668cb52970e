package dev.gradus.kernel;

/**
 * {@code t * (log(t) - logP)} of the log-probability of a class, summed over classes: how far the
 * target's distribution is from the prediction's. 0 where t is 0. PyTorch's {@code KLDivLoss} with
 * {@code reduction="batchmean"}.
 */
public record KlDivergence() implements LossFunction {
  @Override
  public String name() {
    return "kl-divergence";
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
  public float term(final float logP, final float t) {
    return t == 0f ? 0f : t * (Log.of(t) - logP);
  }

  @Override
  public float slope(final float logP, final float t) {
    return -t;
  }
}
