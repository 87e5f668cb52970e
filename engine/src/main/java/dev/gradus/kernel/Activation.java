package dev.gradus.kernel;

/**
 * An elementwise activation {@code y = f(x)}. One file each; a row in {@code
 * dev.gradus.nn.Activations} gives it to users.
 */
public interface Activation {
  /** The name users write, lower case. */
  String name();

  /** The name and, in parentheses, parameters that are not the usual ones. */
  default String describe() {
    return name();
  }

  /**
   * Whether the gradient is computed from x. From y, where precision allows, is better: nobody else
   * may need x, so that its memory is free and a matrix product before it ends in the activation.
   */
  default boolean gradientFromInput() {
    return false;
  }

  /** How the slope changes, or null where that is not known as a {@link Curvature}. */
  default Curvature curvature() {
    return null;
  }

  /** {@code y = f(x)}. */
  UnaryKernel forward(KernelMode mode);

  /** {@code dX = dY * f'(x)}, called with {@code a = y} or {@code a = x}, {@code b = dY}. */
  BinaryKernel gradient(KernelMode mode);
}
