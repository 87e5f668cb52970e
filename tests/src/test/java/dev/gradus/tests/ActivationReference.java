package dev.gradus.tests;

import dev.gradus.kernel.Activation;
import java.util.Map;
import java.util.Set;
import java.util.function.DoubleUnaryOperator;

/**
 * An activation in double precision. Adding an activation takes one row here.
 *
 * @param function y from x.
 * @param derivative of y by x, from y.
 * @param functionBound how far the float32 function may be off, relatively, in units of {@link
 *     RealTensor#ROUNDING}.
 * @param derivativeBound how far the float32 derivative may be off, from y, in the same units but
 *     absolute.
 */
record ActivationReference(
    DoubleUnaryOperator function,
    DoubleUnaryOperator derivative,
    double functionBound,
    DoubleUnaryOperator derivativeBound) {

  private static final Map<String, ActivationReference> TABLE =
      Map.of(
          // A choice between x and 0, 1 and 0: nothing is rounded.
          "relu",
          new ActivationReference(x -> Math.max(x, 0), y -> y > 0 ? 1 : 0, 0, y -> 0),
          // exp, a sum and a quotient: 4 ulp in all. The derivative rounds 1 - y and one product.
          "sigmoid",
          new ActivationReference(
              x -> 1 / (1 + Math.exp(-x)), y -> y * (1 - y), 8, y -> 3 * Math.abs(y * (1 - y))),
          // 4 ulp. The derivative rounds y * y before the difference from 1.
          "tanh",
          new ActivationReference(Math::tanh, y -> 1 - y * y, 8, y -> 2 * (1 + y * y)));

  static Set<String> names() {
    return TABLE.keySet();
  }

  static ActivationReference of(final Activation activation) {
    final ActivationReference reference = TABLE.get(activation.name());
    if (reference == null) {
      throw new AssertionError(
          "activation " + activation.name() + " has no row among the references");
    }
    return reference;
  }

  /** Values this activation can have. */
  Draw range() {
    return Draw.each(function);
  }
}
