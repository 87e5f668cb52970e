package dev.gradus.optim;

/**
 * The same factor at each step.
 *
 * @param factor 0 or more.
 * @param length steps until what follows, or {@link #UNENDING}.
 */
public record Constant(double factor, long length) implements Schedule {
  public Constant {
    Settings.requireNotNegative("factor of constant", factor);
    Settings.requireSteps("length of constant", length);
  }

  /** 1, without end. */
  public Constant() {
    this(1, UNENDING);
  }

  @Override
  public double factor(final long steps) {
    return factor;
  }
}
