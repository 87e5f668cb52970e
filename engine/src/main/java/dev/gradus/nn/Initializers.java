package dev.gradus.nn;

import dev.gradus.kernel.Fill;
import dev.gradus.kernel.KernelMode;
import dev.gradus.kernel.Philox;
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
