package dev.gradus.kernel;

/**
 * How an activation's slope changes with what its gradient is computed from, {@code k} (y, or x):
 * {@code df'/dk = constant + linear * k}. It lets gradients themselves be differentiated.
 */
public record Curvature(float constant, float linear) {
  /** Slopes that change nowhere but at kinks. */
  public static final Curvature NONE = new Curvature(0f, 0f);

  /** Whether the slope is constant but at kinks. */
  public boolean isNone() {
    return constant == 0f && linear == 0f;
  }
}
