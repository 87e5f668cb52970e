package dev.gradus.nn;

import dev.gradus.kernel.Activation;
import dev.gradus.kernel.Relu;
import dev.gradus.kernel.Sigmoid;
import dev.gradus.kernel.Tanh;
import dev.gradus.memory.Names;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** The table of elementwise activations by name. */
public final class Activations {
  /** {@code max(x, 0)}. */
  public static final Activation RELU = Relu.INSTANCE;

  /** {@code 1 / (1 + exp(-x))}. */
  public static final Activation SIGMOID = Sigmoid.INSTANCE;

  /** The hyperbolic tangent. */
  public static final Activation TANH = Tanh.INSTANCE;

  private static final Map<String, Activation> TABLE = new LinkedHashMap<>();

  static {
    for (final Activation activation : new Activation[] {RELU, SIGMOID, TANH}) {
      TABLE.put(activation.name(), activation);
    }
  }

  private Activations() {}

  public static Set<String> names() {
    return Collections.unmodifiableSet(TABLE.keySet());
  }

  /**
   * The activation of that name.
   *
   * @throws dev.gradus.memory.GradusException where the name is unknown.
   */
  public static Activation byName(final String name) {
    final Activation activation = TABLE.get(name);
    if (activation == null) {
      throw Names.unknown("activation", name, TABLE.keySet());
    }
    return activation;
  }
}
