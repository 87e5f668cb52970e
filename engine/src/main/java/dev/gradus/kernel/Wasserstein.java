package dev.gradus.kernel;

/** {@code (1 - 2 * t) * x}: a critic's score, negative for real samples, {@code t = 1}. */
public record Wasserstein() implements LossFunction {
  @Override
  public String name() {
    return "wasserstein";
  }

  @Override
  public float term(final float x, final float t) {
    return (1f - (t + t)) * x;
  }

  @Override
  public float slope(final float x, final float t) {
    return 1f - (t + t);
  }
}
