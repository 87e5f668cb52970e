package dev.gradus.kernel;

/**
 * An elementwise activation {@code y = f(x)} whose derivative can be computed from {@code y}. One
 * file each; a row in {@code dev.gradus.nn.Activations} gives it to users.
 */
public interface Activation {
  /** The name users write, lower case. */
  String name();

  /** {@code y = f(x)}. */
  UnaryKernel forward(KernelMode mode);

  /** {@code dX = dY * f'(x)}, called with {@code a = y, b = dY, out = dX}. */
  BinaryKernel gradient(KernelMode mode);
}
