package dev.gradus.optim;

/**
 * {@link Cosine} again and again, each {@code growth} times as long as the one before. As PyTorch's
 * {@code CosineAnnealingWarmRestarts}.
 *
 * <p>Source: Loshchilov and Hutter 2017, SGDR.
 *
 * @param first steps of the first, 1 or more.
 * @param growth 1 or more.
 */
public record CosineRestarts(long first, int growth, double end) implements Schedule {
  public CosineRestarts {
    Settings.requireSteps("first length of cosine_restarts", first);
    Settings.requireSteps("growth of cosine_restarts", growth);
    Settings.requireNotNegative("end of cosine_restarts", end);
  }

  @Override
  public double factor(final long steps) {
    long length = first;
    long within = steps;
    if (growth == 1) {
      within %= first;
    } else {
      while (within >= length) {
        within -= length;
        length *= growth;
      }
    }
    return Cosine.between(1, end, (double) within / length);
  }
}
