package dev.gradus.nn;

import dev.gradus.kernel.Activation;
import dev.gradus.kernel.Fill;
import dev.gradus.kernel.KernelMode;
import dev.gradus.kernel.Philox;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.Tensor;

/** The usual ways to start a parameter. */
public final class Initializers {
  private Initializers() {}

  /** All zeros. */
  public static Initializer zeros() {
    return constant(0);
  }

  /** All the same. */
  public static Initializer constant(final float value) {
    return (tensor, fanIn, fanOut, seed, stream) ->
        Fill.of(KernelMode.SCALAR).run(tensor.address(), value, tensor.elements());
  }

  /**
   * Given values in the order of the tensor, for example a bias from the data's mean.
   *
   * @throws GradusException when it fills, where they are not as many as the tensor's elements.
   */
  public static Initializer values(final float... values) {
    final float[] copy = values.clone();
    return (tensor, fanIn, fanOut, seed, stream) -> {
      if (copy.length != tensor.elements()) {
        throw GradusException.mismatch(
            "number of values of initializer", tensor.elements(), copy.length);
      }
      tensor.copyFrom(copy);
    };
  }

  /** Uniform from {@code low} up to, not including, {@code high}. */
  public static Initializer uniform(final float low, final float high) {
    if (!(low < high && high - low < Float.POSITIVE_INFINITY)) {
      throw GradusException.mismatch("range of uniform", "low < high, finite", low + " to " + high);
    }
    return (tensor, fanIn, fanOut, seed, stream) ->
        Philox.uniform(seed, stream, tensor.address(), tensor.elements(), low, high);
  }

  /** Normal. */
  public static Initializer normal(final float mean, final float deviation) {
    requireNormal("normal", mean, deviation);
    return (tensor, fanIn, fanOut, seed, stream) ->
        Philox.normal(seed, stream, tensor.address(), tensor.elements(), mean, deviation);
  }

  /** Normal, what is further than two deviations from the mean drawn again. */
  public static Initializer truncatedNormal(final float mean, final float deviation) {
    requireNormal("truncated normal", mean, deviation);
    return (tensor, fanIn, fanOut, seed, stream) ->
        Philox.truncatedNormal(seed, stream, tensor.address(), tensor.elements(), mean, deviation);
  }

  private static void requireNormal(final String what, final float mean, final float deviation) {
    if (!(Math.abs(mean) < Float.POSITIVE_INFINITY
        && deviation >= 0
        && deviation < Float.POSITIVE_INFINITY)) {
      throw GradusException.mismatch(
          "mean and deviation of " + what,
          "finite, the deviation 0 or more",
          mean + " and " + deviation);
    }
  }

  /**
   * Orthogonal, times {@code gain}: of the tensor as a matrix of its first dimension by all others,
   * the rows are orthonormal where they are not more than the columns, else the columns.
   *
   * <p>Source: Saxe, McClelland and Ganguli, "Exact solutions to the nonlinear dynamics of learning
   * in deep linear neural networks", 2013.
   */
  public static Initializer orthogonal(final float gain) {
    if (!(Math.abs(gain) < Float.POSITIVE_INFINITY)) {
      throw GradusException.outOfRange("gain of orthogonal", "finite", gain);
    }
    return (tensor, fanIn, fanOut, seed, stream) -> Orthogonal.fill(tensor, gain, seed, stream);
  }

  /** The usual start before an activation: LeCun for SELU, He for ReLU's kin, else Glorot. */
  public static Initializer usualFor(final Activation activation) {
    return switch (activation == null ? "linear" : activation.name()) {
      case "selu" -> lecunNormal();
      case "relu", "relu6", "leaky_relu", "elu", "gelu", "gelu_tanh", "silu", "mish" -> heNormal();
      default -> glorotUniform();
    };
  }

  /** Uniform in {@code ±sqrt(3 / fanIn)}. Source: LeCun et al., "Efficient BackProp", 1998. */
  public static Initializer lecunUniform() {
    return (tensor, fanIn, fanOut, seed, stream) ->
        uniform(tensor, Math.sqrt(3.0 / fanIn), seed, stream);
  }

  /** Normal of variance {@code 1 / fanIn}. Source: LeCun et al., "Efficient BackProp", 1998. */
  public static Initializer lecunNormal() {
    return (tensor, fanIn, fanOut, seed, stream) ->
        normal(tensor, Math.sqrt(1.0 / fanIn), seed, stream);
  }

  /**
   * Uniform in {@code ±sqrt(6 / (fanIn + fanOut))}. Source: Glorot and Bengio 2010; Xavier uniform.
   */
  public static Initializer glorotUniform() {
    return (tensor, fanIn, fanOut, seed, stream) ->
        uniform(tensor, Math.sqrt(6.0 / ((double) fanIn + fanOut)), seed, stream);
  }

  /**
   * Normal of variance {@code 2 / (fanIn + fanOut)}. Source: Glorot and Bengio 2010; Xavier normal.
   */
  public static Initializer glorotNormal() {
    return (tensor, fanIn, fanOut, seed, stream) ->
        normal(tensor, Math.sqrt(2.0 / ((double) fanIn + fanOut)), seed, stream);
  }

  /** Uniform in {@code ±sqrt(6 / fanIn)}. Source: He et al. 2015; Kaiming uniform for ReLU. */
  public static Initializer heUniform() {
    return (tensor, fanIn, fanOut, seed, stream) ->
        uniform(tensor, Math.sqrt(6.0 / fanIn), seed, stream);
  }

  /** Normal of variance {@code 2 / fanIn}. Source: He et al. 2015; Kaiming normal for ReLU. */
  public static Initializer heNormal() {
    return (tensor, fanIn, fanOut, seed, stream) ->
        normal(tensor, Math.sqrt(2.0 / fanIn), seed, stream);
  }

  private static void uniform(
      final Tensor tensor, final double limit, final long seed, final long stream) {
    Philox.uniform(
        seed, stream, tensor.address(), tensor.elements(), (float) -limit, (float) limit);
  }

  private static void normal(
      final Tensor tensor, final double deviation, final long seed, final long stream) {
    Philox.normal(seed, stream, tensor.address(), tensor.elements(), 0f, (float) deviation);
  }
}
