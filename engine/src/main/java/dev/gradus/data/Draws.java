package dev.gradus.data;

import dev.gradus.kernel.Philox;

/**
 * The random numbers of one sample in one epoch: a function of seed, epoch, sample and how many
 * were drawn before, whatever other samples drew. Each number has a block of {@link Philox} of its
 * own.
 */
public final class Draws {
  private static final int WORDS = 4;

  private final long seed;
  private long stream;
  private long next;
  private double spare;
  private boolean hasSpare;

  Draws(final long seed) {
    this.seed = seed;
  }

  /**
   * Begins with the first number of a sample.
   *
   * @param repeat how often the row has come in the epoch before, from 0.
   */
  void start(final int epoch, final int row, final int repeat) {
    // The sign keeps clear of the streams of orders and splits.
    stream = Long.MIN_VALUE | ((long) epoch << Integer.SIZE) | row;
    next = (long) repeat << Integer.SIZE;
    hasSpare = false;
  }

  /** From {@code low} up to {@code high}, of 2^24 different ones. */
  public double uniform(final double low, final double high) {
    return low + (high - low) * Philox.uniform(seed, stream, WORDS * next++);
  }

  /** From 0 to {@code bound - 1}. */
  public int below(final int bound) {
    return Philox.bounded(seed, stream, next++, bound);
  }

  /**
   * Of the normal distribution of mean 0 and deviation 1.
   *
   * <p>Source: Marsaglia's polar method, 1962. {@link StrictMath#log} allocates nothing, while its
   * {@code sin} and {@code cos}, which Box and Muller's takes, do.
   */
  public double normal() {
    if (hasSpare) {
      hasSpare = false;
      return spare;
    }
    while (true) {
      final long words = Philox.words(seed, stream, next++, false);
      final double u = (int) words * 0x1p-31;
      final double v = (int) (words >>> Integer.SIZE) * 0x1p-31;
      final double square = u * u + v * v;
      if (square > 0 && square < 1) {
        final double factor = Math.sqrt(-2 * StrictMath.log(square) / square);
        spare = v * factor;
        hasSpare = true;
        return u * factor;
      }
    }
  }

  /**
   * Of the beta distribution of two equal parameters, from 0 to 1.
   *
   * @param alpha above 0.
   */
  double beta(final double alpha) {
    // As logarithms: of a small alpha's gammas both may be below the least double.
    final double first = logGamma(alpha);
    return 1 / (1 + StrictMath.exp(logGamma(alpha) - first));
  }

  /**
   * The logarithm of a number of the gamma distribution of scale 1.
   *
   * <p>Source: Marsaglia and Tsang, "A simple method for generating gamma variables", 2000.
   */
  private double logGamma(final double shape) {
    final double boost = shape < 1 ? StrictMath.log(positive()) / shape : 0;
    final double d = (shape < 1 ? shape + 1 : shape) - 1.0 / 3;
    final double c = 1 / Math.sqrt(9 * d);
    while (true) {
      final double x = normal();
      final double root = 1 + c * x;
      final double v = root * root * root;
      final double u = positive();
      if (root > 0 && StrictMath.log(u) < 0.5 * x * x + d - d * v + d * StrictMath.log(v)) {
        return boost + StrictMath.log(d * v);
      }
    }
  }

  /** Above 0 and below 1. */
  private double positive() {
    return uniform(0x1p-25, 1 + 0x1p-25);
  }
}
