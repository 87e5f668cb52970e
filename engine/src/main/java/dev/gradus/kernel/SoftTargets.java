package dev.gradus.kernel;

/** {@code -t * logP} of the log-probability of a class, summed over classes. */
public record SoftTargets() implements LossFunction {
  @Override
  public String name() {
    return "soft-cross-entropy";
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
    return -t * logP;
  }

  @Override
  public float slope(final float logP, final float t) {
    return -t;
  }
}
