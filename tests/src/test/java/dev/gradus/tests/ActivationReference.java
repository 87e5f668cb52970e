package dev.gradus.tests;

import dev.gradus.kernel.Activation;
import dev.gradus.kernel.Elu;
import dev.gradus.kernel.LeakyRelu;
import dev.gradus.nn.Activations;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;

/**
 * An activation in double precision. Adding an activation takes one row here.
 *
 * @param function y from x.
 * @param derivative of y by x, from what the activation keeps: y or x.
 * @param functionBound how far the float32 function may be off, relatively, in units of {@link
 *     RealTensor#ROUNDING}.
 * @param derivativeBound how far the float32 derivative may be off, in the same units but absolute.
 * @param steepest the largest derivative near x: errors before the function grow no more behind it.
 */
record ActivationReference(
    DoubleUnaryOperator function,
    DoubleUnaryOperator derivative,
    double functionBound,
    DoubleUnaryOperator derivativeBound,
    DoubleUnaryOperator steepest) {

  private static final double SELU_SCALE = 1.0507009873554805;
  private static final double SELU_FLOOR = 1.0507009873554805 * 1.6732632423543772;

  private static final Map<String, Function<Activation, ActivationReference>> TABLE =
      new LinkedHashMap<>();

  static {
    // A choice between x and constants, 1 and 0: nothing is rounded.
    row("relu", x -> Math.max(x, 0), y -> y > 0 ? 1 : 0, 0, y -> 0, 1);
    row("linear", x -> x, y -> 1, 0, y -> 0, 1);
    row("relu6", x -> Math.min(Math.max(x, 0), 6), y -> y > 0 && y < 6 ? 1 : 0, 0, y -> 0, 1);
    TABLE.put(
        "leaky_relu",
        activation -> {
          final double slope = ((LeakyRelu) activation).slope();
          return new ActivationReference(
              x -> x > 0 ? x : slope * x,
              y -> y > 0 ? 1 : slope,
              1,
              y -> 1,
              x -> Math.max(1, slope));
        });
    // exp - 1 and a product: 3 ulp. The derivative rounds a sum.
    TABLE.put(
        "elu",
        activation -> {
          final double alpha = ((Elu) activation).alpha();
          return new ActivationReference(
              x -> x > 0 ? x : alpha * Math.expm1(x),
              y -> y > 0 ? 1 : y + alpha,
              8,
              y -> 2 * (1 + alpha),
              x -> Math.max(1, alpha));
        });
    row(
        "selu",
        x -> x > 0 ? SELU_SCALE * x : SELU_FLOOR * Math.expm1(x),
        y -> y > 0 ? SELU_SCALE : y + SELU_FLOOR,
        8,
        y -> 6,
        SELU_FLOOR);
    // exp, a sum and a quotient: 4 ulp in all. The derivative rounds 1 - y and one product.
    row(
        "sigmoid",
        ActivationReference::sigmoid,
        y -> y * (1 - y),
        8,
        y -> 3 * Math.abs(y * (1 - y)),
        1);
    row(
        "hard_sigmoid",
        x -> Math.min(Math.max(x + 3, 0), 6) / 6,
        y -> y > 0 && y < 1 ? 1 / 6.0 : 0,
        2,
        y -> 1,
        1);
    // 4 ulp. The derivative rounds y * y before the difference from 1.
    row("tanh", Math::tanh, y -> 1 - y * y, 8, y -> 2 * (1 + y * y), 1);
    row(
        "softsign",
        x -> x / (1 + Math.abs(x)),
        y -> (1 - Math.abs(y)) * (1 - Math.abs(y)),
        4,
        y -> 4,
        1);
    row(
        "softplus",
        x -> Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
        y -> -Math.expm1(-y),
        8,
        y -> 6 * -Math.expm1(-y),
        1);
    // 2 ulp; what errors grow to behind it depends on where it is.
    TABLE.put(
        "exponential",
        activation ->
            new ActivationReference(Math::exp, y -> y, 4, y -> 0, x -> 1.01 * Math.exp(x)));
    // Products of x and a share of it, from x: the slope has two terms, each below 1.2.
    row(
        "silu",
        x -> x * sigmoid(x),
        x -> sigmoid(x) * (1 + x * sigmoid(-x)),
        8,
        x -> 12 * (sigmoid(x) + Math.abs(x) * sigmoid(x) * sigmoid(-x)),
        1.1);
    row(
        "mish",
        x -> x * mishShare(x),
        x -> mishShare(x) + x * mishShareSlope(x),
        8,
        x -> 16 * (mishShare(x) + Math.abs(x) * mishShareSlope(x)),
        1.1);
    row(
        "gelu",
        x -> x * normal(x),
        x -> normal(x) + x * density(x),
        14,
        x -> 16 * (normal(x) + Math.abs(x) * density(x)),
        1.13);
    row(
        "gelu_tanh",
        x -> x * sigmoid(logit(x)),
        x -> sigmoid(logit(x)) + x * tanhShareSlope(x),
        8,
        x -> 16 * (sigmoid(logit(x)) + Math.abs(x) * tanhShareSlope(x)),
        1.13);
  }

  private static void row(
      final String name,
      final DoubleUnaryOperator function,
      final DoubleUnaryOperator derivative,
      final double functionBound,
      final DoubleUnaryOperator derivativeBound,
      final double steepest) {
    final ActivationReference row =
        new ActivationReference(
            function, derivative, functionBound, derivativeBound, x -> steepest);
    TABLE.put(name, activation -> row);
  }

  private static double sigmoid(final double x) {
    return 1 / (1 + Math.exp(-x));
  }

  private static double mishShare(final double x) {
    return Math.tanh(Math.log1p(Math.exp(x)));
  }

  private static double mishShareSlope(final double x) {
    return (1 - mishShare(x)) * (1 + mishShare(x)) * sigmoid(x);
  }

  /** The GELU's tanh form is {@code x * sigmoid(logit(x))}. */
  private static double logit(final double x) {
    return 2 * Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x);
  }

  private static double tanhShareSlope(final double x) {
    final double steepness = 2 * Math.sqrt(2 / Math.PI) * (1 + 3 * 0.044715 * x * x);
    return sigmoid(logit(x)) * sigmoid(-logit(x)) * steepness;
  }

  private static double density(final double x) {
    return Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
  }

  /**
   * The distribution of the standard normal as {@code 1/2 + p(x) * (x + x^3 / 3 + x^5 / 15 + ...)};
   * in the tails, where that cancels, by Laplace's continued fraction.
   */
  private static double normal(final double x) {
    if (Math.abs(x) > 3) {
      double fraction = Math.abs(x);
      for (int k = 200; k > 0; k--) {
        fraction = Math.abs(x) + k / fraction;
      }
      final double tail = density(x) / fraction;
      return x > 0 ? 1 - tail : tail;
    }
    double term = x;
    double sum = x;
    for (int k = 1; k < 60; k++) {
      term *= x * x / (2 * k + 1);
      sum += term;
    }
    return 0.5 + density(x) * sum;
  }

  static Set<String> names() {
    return TABLE.keySet();
  }

  /** Names of all but the exponential: what is many layers deep overflows with it. */
  static List<String> boundedSlopes() {
    return Activations.names().stream().filter(name -> !name.equals("exponential")).toList();
  }

  static ActivationReference of(final Activation activation) {
    final Function<Activation, ActivationReference> row = TABLE.get(activation.name());
    if (row == null) {
      throw new AssertionError(
          "activation " + activation.name() + " has no row among the references");
    }
    return row.apply(activation);
  }

  /** Values that the gradient of an activation may be computed from. */
  static Draw kept(final Activation activation) {
    return activation.gradientFromInput() ? Draw.scaled(3) : Draw.each(of(activation).function);
  }
}
