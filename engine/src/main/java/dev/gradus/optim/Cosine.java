package dev.gradus.optim;

/**
 * Half a cosine from 1 to {@code end}: {@code end + (1 - end) * (1 + cos(pi * t / length)) / 2}. As
 * PyTorch's {@code CosineAnnealingLR}, but that it stays at the end.
 *
 * <p>Source: Loshchilov and Hutter 2017, SGDR.
 *
 * @param length steps until the end is reached, 1 or more.
 */
public record Cosine(long length, double end) implements Schedule {
  public Cosine {
    Settings.requireSteps("length of cosine", length);
    Settings.requireNotNegative("end of cosine", end);
  }

  @Override
  public double factor(final long steps) {
    return steps >= length ? end : between(1, end, (double) steps / length);
  }

  /** Half a cosine from one value at {@code share} 0 to another at 1. */
  static double between(final double from, final double to, final double share) {
    return to + (from - to) * (1 + Math.cos(Math.PI * share)) / 2;
  }
}
