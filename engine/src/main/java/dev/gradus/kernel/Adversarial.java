package dev.gradus.kernel;

/**
 * One role's loss in an adversarial game, of the score {@code x} of one sample: {@code factor *
 * f(x, t)} with the target {@code t} as given, 1 for real samples and 0 for generated ones, or, for
 * a generator, one that never changes: what it is given is not read then.
 *
 * @param name of the role's loss.
 * @param fixedTarget NaN where the target is as given.
 */
public record Adversarial(String name, LossFunction score, float factor, float fixedTarget)
    implements LossFunction {
  @Override
  public float lowestTarget() {
    return Float.isNaN(fixedTarget) ? 0f : Float.NEGATIVE_INFINITY;
  }

  @Override
  public float highestTarget() {
    return Float.isNaN(fixedTarget) ? 1f : Float.POSITIVE_INFINITY;
  }

  @Override
  public float term(final float x, final float t) {
    final float target = Float.isNaN(fixedTarget) ? t : fixedTarget;
    return factor * score.term(x, target);
  }

  @Override
  public float slope(final float x, final float t) {
    final float target = Float.isNaN(fixedTarget) ? t : fixedTarget;
    return factor * score.slope(x, target);
  }
}
