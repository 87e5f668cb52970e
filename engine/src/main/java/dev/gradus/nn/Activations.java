package dev.gradus.nn;

import dev.gradus.kernel.Activation;
import dev.gradus.kernel.Elu;
import dev.gradus.kernel.Exponential;
import dev.gradus.kernel.Gelu;
import dev.gradus.kernel.GeluTanh;
import dev.gradus.kernel.HardSigmoid;
import dev.gradus.kernel.LeakyRelu;
import dev.gradus.kernel.Linear;
import dev.gradus.kernel.Mish;
import dev.gradus.kernel.Relu;
import dev.gradus.kernel.Relu6;
import dev.gradus.kernel.Selu;
import dev.gradus.kernel.Sigmoid;
import dev.gradus.kernel.Silu;
import dev.gradus.kernel.Softplus;
import dev.gradus.kernel.Softsign;
import dev.gradus.kernel.Tanh;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.Names;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** The table of elementwise activations by name. */
public final class Activations {
  /** {@code max(x, 0)}. */
  public static final Activation RELU = Relu.INSTANCE;

  /** {@code 1 / (1 + exp(-x))}. */
  public static final Activation SIGMOID = Sigmoid.INSTANCE;

  /** The hyperbolic tangent. */
  public static final Activation TANH = Tanh.INSTANCE;

  /** {@code x}. */
  public static final Activation LINEAR = Linear.INSTANCE;

  /** {@code min(max(x, 0), 6)}. */
  public static final Activation RELU6 = Relu6.INSTANCE;

  /** {@code min(max(x + 3, 0), 6) / 6}. */
  public static final Activation HARD_SIGMOID = HardSigmoid.INSTANCE;

  /** {@link Elu} with the scale and alpha of self-normalizing networks. */
  public static final Activation SELU = Selu.INSTANCE;

  /** {@code x * P(x)} with P the distribution of the standard normal. */
  public static final Activation GELU = Gelu.INSTANCE;

  /** GELU's usual approximation. */
  public static final Activation GELU_TANH = GeluTanh.INSTANCE;

  /** {@code x * sigmoid(x)}, also called swish. */
  public static final Activation SILU = Silu.INSTANCE;

  /** {@code log(1 + exp(x))}. */
  public static final Activation SOFTPLUS = Softplus.INSTANCE;

  /** {@code x / (1 + |x|)}. */
  public static final Activation SOFTSIGN = Softsign.INSTANCE;

  /** {@code x * tanh(softplus(x))}. */
  public static final Activation MISH = Mish.INSTANCE;

  /** {@code exp(x)}. */
  public static final Activation EXPONENTIAL = Exponential.INSTANCE;

  private static final Map<String, Activation> TABLE = new LinkedHashMap<>();

  /** Those of the table that take a number. */
  private static final Map<String, Function<Float, Activation>> WITH_NUMBER =
      Map.of("leaky_relu", LeakyRelu::new, "elu", Elu::new);

  static {
    for (final Activation activation :
        List.of(
            RELU,
            SIGMOID,
            TANH,
            LINEAR,
            RELU6,
            HARD_SIGMOID,
            new LeakyRelu(),
            new Elu(),
            SELU,
            GELU,
            GELU_TANH,
            SILU,
            SOFTPLUS,
            SOFTSIGN,
            MISH,
            EXPONENTIAL)) {
      TABLE.put(activation.name(), activation);
    }
  }

  private Activations() {}

  public static Set<String> names() {
    return Collections.unmodifiableSet(TABLE.keySet());
  }

  /**
   * The activation of that name, with its usual parameter or the one in parentheses: {@code gelu},
   * {@code leaky_relu(0.2)}.
   *
   * @throws GradusException where the name is unknown or the parameter doesn't fit.
   */
  public static Activation byName(final String text) {
    final int open = text.indexOf('(');
    if (open < 0 || !text.endsWith(")")) {
      return of(text, List.of());
    }
    final String inner = text.substring(open + 1, text.length() - 1).strip();
    return of(text.substring(0, open), inner.isEmpty() ? List.of() : List.of(inner.split(",", -1)));
  }

  /** As {@link #byName}, of what stood before and between the parentheses. */
  static Activation of(final String name, final List<String> arguments) {
    final Activation usual = TABLE.get(name);
    if (usual == null) {
      throw Names.unknown("activation", name, TABLE.keySet());
    }
    if (arguments.isEmpty()) {
      return usual;
    }
    final Function<Float, Activation> make = WITH_NUMBER.get(name);
    if (make == null || arguments.size() > 1) {
      throw GradusException.mismatch(
          "arguments of " + name, make == null ? "none" : "at most one number", arguments);
    }
    try {
      return make.apply(Float.parseFloat(arguments.get(0)));
    } catch (final NumberFormatException e) {
      throw new GradusException(
          "argument of "
              + name
              + " mismatch: expected=a number, actual=\""
              + arguments.get(0)
              + '"',
          e);
    }
  }
}
