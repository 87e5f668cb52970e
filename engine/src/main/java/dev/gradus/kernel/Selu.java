package dev.gradus.kernel;

/**
 * {@code y = scale * x} where {@code x > 0}, else {@code scale * alpha * (exp(x) - 1)}, with the
 * scale and alpha that keep mean 0 and variance 1 from layer to layer; {@code dX = scale * dY}
 * where {@code y > 0}, else {@code dY * (y + scale * alpha)}. At most 3 ulp off, see {@link Elu}.
 *
 * <p>Source: Klambauer et al., "Self-normalizing neural networks", 2017.
 */
public final class Selu implements Activation {
  public static final Selu INSTANCE = new Selu();

  private static final double SCALE = 1.0507009873554804934193349852946;
  private static final double ALPHA = 1.6732632423543772848170429916717;

  private Selu() {}

  @Override
  public String name() {
    return "selu";
  }

  @Override
  public Curvature curvature() {
    return new Curvature(1f, 0f, Relu.INSTANCE); // f' = y + scale * alpha below 0, else scale
  }

  @Override
  public UnaryKernel forward(final KernelMode mode) {
    return Elu.forward(mode, (float) SCALE, (float) (SCALE * ALPHA));
  }

  @Override
  public BinaryKernel gradient(final KernelMode mode) {
    return Elu.gradient(mode, (float) SCALE, (float) (SCALE * ALPHA));
  }
}
