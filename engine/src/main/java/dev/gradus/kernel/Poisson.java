package dev.gradus.kernel;

/**
 * The negative log-likelihood of a count {@code t} under Poisson's distribution, without what
 * depends on the count alone: {@code exp(p) - t * p} of the logarithm of the rate, or {@code p - t
 * * log(p + 1e-8)} of the rate, which must be 0 or more.
 */
public record Poisson(boolean logInput) implements LossFunction {
  private static final float EPSILON = 1e-8f;

  /** Halves keep what {@link Exp} computes for {@code x > 0} out of the subnormals. */
  private static float exp(final float x) {
    if (x > 0f) {
      final float root = 1f / Exp.of(-0.5f * x);
      return root * root;
    }
    return Exp.of(x);
  }

  @Override
  public String name() {
    return logInput ? "poisson" : "poisson-rate";
  }

  @Override
  public float lowestTarget() {
    return 0f;
  }

  @Override
  public float term(final float p, final float t) {
    return logInput ? exp(p) - t * p : p - t * Log.of(p + EPSILON);
  }

  @Override
  public float slope(final float p, final float t) {
    return logInput ? exp(p) - t : 1f - t / (p + EPSILON);
  }
}
