package dev.gradus.optim;

/**
 * A straight line, {@code start + (end - start) * t / length} for t = 0, 1, ..., then {@code end}.
 * As PyTorch's {@code LinearLR}.
 *
 * @param length steps until the end is reached, 1 or more.
 */
public record LinearDecay(long length, double start, double end) implements Schedule {
  public LinearDecay {
    Settings.requireSteps("length of linear", length);
    Settings.requireNotNegative("start of linear", start);
    Settings.requireNotNegative("end of linear", end);
  }

  /** From 1 to 0, which the step behind the last would reach. */
  public LinearDecay(final long length) {
    this(length, 1, 0);
  }

  @Override
  public double factor(final long steps) {
    return steps >= length ? end : start + (end - start) * ((double) steps / length);
  }
}
