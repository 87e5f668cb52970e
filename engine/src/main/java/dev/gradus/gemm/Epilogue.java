package dev.gradus.gemm;

import dev.gradus.kernel.Activation;
import java.util.Objects;

/**
 * What is done to each element of C while it is still in cache, after the product is complete.
 *
 * <ul>
 *   <li>{@link Kind#NONE}: nothing;
 *   <li>{@link Kind#FORWARD}: {@code c = f(c + bias)}, bias and f each optional; {@code aux} is the
 *       bias, n floats;
 *   <li>{@link Kind#GRADIENT}: {@code c = c * f'(y)}; {@code aux} is y, laid out as C.
 * </ul>
 *
 * @param activation f, or null for none.
 */
public record Epilogue(Kind kind, boolean bias, Activation activation) {
  /** Nothing. */
  public static final Epilogue NONE = new Epilogue(Kind.NONE, false, null);

  /** Which of the three. */
  public enum Kind {
    NONE,
    FORWARD,
    GRADIENT
  }

  /** {@code c = f(c + bias)}. */
  public static Epilogue forward(final boolean bias, final Activation activation) {
    return !bias && activation == null ? NONE : new Epilogue(Kind.FORWARD, bias, activation);
  }

  /** {@code c = c * f'(y)}. */
  public static Epilogue gradient(final Activation activation) {
    return new Epilogue(Kind.GRADIENT, false, Objects.requireNonNull(activation));
  }

  /** Whether {@code aux} is read. */
  public boolean usesAux() {
    return bias || kind == Kind.GRADIENT;
  }

  @Override
  public String toString() {
    final String f = activation == null ? "" : activation.name();
    return switch (kind) {
      case NONE -> "";
      case FORWARD -> (bias ? "+bias" : "") + (f.isEmpty() ? "" : "+" + f);
      case GRADIENT -> "*" + f + "'";
    };
  }
}
