package dev.gradus.kernel;

/**
 * How an activation's slope changes with what its gradient is computed from, {@code k} (y, or x):
 * {@code df'/dk = constant + linear * k - less'(k)}. It lets gradients themselves be
 * differentiated.
 *
 * @param less an activation whose gradient is computed from its y, which k then stands for; null
 *     for none.
 */
public record Curvature(float constant, float linear, Activation less) {
  /** Slopes that change nowhere but at kinks. */
  public static final Curvature NONE = new Curvature(0f, 0f);

  /** Without another activation's slope. */
  public Curvature(final float constant, final float linear) {
    this(constant, linear, null);
  }

  /** Whether the slope is constant but at kinks. */
  public boolean isNone() {
    return constant == 0f && linear == 0f && less == null;
  }
}
