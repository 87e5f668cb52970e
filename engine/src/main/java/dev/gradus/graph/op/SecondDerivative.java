package dev.gradus.graph.op;

import dev.gradus.graph.Graph;
import dev.gradus.graph.Value;
import dev.gradus.kernel.Activation;
import dev.gradus.kernel.Curvature;
import dev.gradus.kernel.Exponential;
import dev.gradus.kernel.Gelu;
import dev.gradus.kernel.GeluTanh;
import dev.gradus.kernel.Mish;
import dev.gradus.kernel.Sigmoid;
import dev.gradus.kernel.Silu;
import dev.gradus.kernel.Softplus;
import dev.gradus.kernel.Softsign;
import dev.gradus.kernel.Tanh;

/**
 * {@code v * df'/dk} as ops, where {@code f'} is an activation's slope and k what it is computed
 * from, y or x. Ops rather than kernels: gradients of gradients are rare, and ops have gradients in
 * turn.
 *
 * <p>Activations that are a share of x, {@code f = x * g(x)}, have {@code f'' = 2 g' + x * g''}.
 */
final class SecondDerivative {
  /** {@code 1 / sqrt(2 pi)}, the standard normal's density at 0. */
  private static final float DENSITY = 0.3989422804014327f;

  /** GELU's tanh form is {@code x * sigmoid(LINEAR * x + CUBIC * x^3)}. */
  private static final float LINEAR = (float) (2 * Math.sqrt(2 / Math.PI));

  private static final float CUBIC = (float) (0.044715 * 2 * Math.sqrt(2 / Math.PI));

  /** GELU's bend vanishes long before; squares of larger x could overflow. */
  private static final Clamp NEAR = new Clamp(32f);

  private final Graph graph;

  /** What the slope is computed from. */
  private final Value kept;

  private SecondDerivative(final Graph graph, final Value kept) {
    this.graph = graph;
    this.kept = kept;
  }

  /** {@code v * df'/dk}, or null where it is not known. */
  static Value times(
      final Graph graph, final Activation function, final Value kept, final Value v) {
    final SecondDerivative at = new SecondDerivative(graph, kept);
    return switch (function) {
      case Gelu gelu -> at.gelu(v);
      case GeluTanh gelu -> at.geluTanh(v);
      case Mish mish -> at.mish(v);
      case Silu silu -> at.silu(v);
      case Softsign softsign -> at.softsign(v);
      default -> function.curvature() == null ? null : at.bend(function.curvature(), v);
    };
  }

  private Value bend(final Curvature curvature, final Value v) {
    Value sum = null;
    if (curvature.linear() != 0f) {
      sum = scale(curvature.linear(), multiply(v, kept));
    }
    if (curvature.constant() != 0f || sum == null) {
      final Value constant = scale(curvature.constant(), v);
      sum = sum == null ? constant : add(sum, constant);
    }
    return curvature.less() == null ? sum : subtract(sum, slope(curvature.less(), kept, v));
  }

  /** {@code f' = (1 - |y|)^2}, so {@code df'/dy = -2 (sign(y) - y)}. */
  private Value softsign(final Value v) {
    final Value signLessY = graph.apply(new AddSign(1f), scale(-1f, kept), kept);
    return scale(-2f, multiply(v, signLessY));
  }

  /** {@code g = P}, the normal distribution: {@code f'' = p (2 - x^2)}, p the density. */
  private Value gelu(final Value v) {
    final Value x = graph.apply(NEAR, kept);
    final Value square = multiply(x, x);
    final Value density = graph.apply(new Activate(Exponential.INSTANCE), scale(-0.5f, square));
    final Value scaled = scale(DENSITY, multiply(density, v));
    return subtract(scale(2f, scaled), multiply(square, scaled));
  }

  /** {@code g = s(x)}, the sigmoid, with {@code s'' = s' (1 - 2 s)}. */
  private Value silu(final Value v) {
    final Value s = graph.apply(new Activate(Sigmoid.INSTANCE), kept);
    final Value first = slope(Sigmoid.INSTANCE, s, v);
    return share(first, bentSigmoid(s, first), kept);
  }

  /** {@code g = s(w)} with {@code g' = s' w'}, {@code g'' = s'' w'^2 + s' w''}. */
  private Value geluTanh(final Value v) {
    final Value x = graph.apply(NEAR, kept);
    final Value square = multiply(x, x);
    final Value w = polynomial(x, square, CUBIC);
    final Value s = graph.apply(new Activate(Sigmoid.INSTANCE), w);
    final Value steep = slope(Sigmoid.INSTANCE, s, v);
    final Value first = polynomial(steep, square, 3 * CUBIC);
    final Value squared = polynomial(bentSigmoid(s, first), square, 3 * CUBIC);
    final Value second = add(squared, scale(6 * CUBIC, multiply(x, steep)));
    return share(first, second, x);
  }

  /** {@code v * (LINEAR + cubic * x^2)}. */
  private Value polynomial(final Value v, final Value square, final float cubic) {
    return add(scale(LINEAR, v), scale(cubic, multiply(square, v)));
  }

  /** {@code v * (1 - 2 s)}. */
  private Value bentSigmoid(final Value s, final Value v) {
    return subtract(v, scale(2f, multiply(s, v)));
  }

  /**
   * {@code g = t = tanh(p)} with p softplus and s its slope, the sigmoid: {@code g' = (1 - t^2) s},
   * {@code g'' = g' (1 - s - 2 t s)}.
   */
  private Value mish(final Value v) {
    final Value p = graph.apply(new Activate(Softplus.INSTANCE), kept);
    final Value t = graph.apply(new Activate(Tanh.INSTANCE), p);
    final Value first = slope(Softplus.INSTANCE, p, slope(Tanh.INSTANCE, t, v));
    final Value steep = slope(Softplus.INSTANCE, p, first);
    final Value second = subtract(subtract(first, steep), scale(2f, multiply(t, steep)));
    return share(first, second, kept);
  }

  /** {@code 2 first + x * second}. */
  private Value share(final Value first, final Value second, final Value x) {
    return add(scale(2f, first), multiply(x, second));
  }

  private Value slope(final Activation function, final Value at, final Value v) {
    return graph.apply(new ActivateGradient(function), at, v);
  }

  private Value scale(final float factor, final Value v) {
    return graph.apply(new Scale(factor), v);
  }

  private Value multiply(final Value a, final Value b) {
    return graph.apply(new Multiply(), a, b);
  }

  private Value add(final Value a, final Value b) {
    return graph.apply(new Add(), a, b);
  }

  private Value subtract(final Value a, final Value b) {
    return graph.apply(new Subtract(), a, b);
  }
}
