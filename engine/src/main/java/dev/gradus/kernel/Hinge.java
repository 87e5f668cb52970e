package dev.gradus.kernel;

/**
 * {@code max(0, 1 - t * p)} of a score and a class of -1 or 1; the derivative at the margin is 0.
 */
public record Hinge() implements LossFunction {
  @Override
  public String name() {
    return "hinge";
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
  public float term(final float p, final float t) {
    final float lack = 1f - t * p;
    return lack < 0f ? 0f : lack;
  }

  @Override
  public float slope(final float p, final float t) {
    return 1f - t * p > 0f ? -t : 0f;
  }
}
