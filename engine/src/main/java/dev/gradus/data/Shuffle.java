package dev.gradus.data;

import dev.gradus.kernel.Philox;

/** Seeded random order. */
final class Shuffle {
  private Shuffle() {}

  /**
   * Shuffles in place, allocating nothing.
   *
   * <p>Source: Fisher and Yates in Durstenfeld's form, 1964.
   *
   * @param stream an epoch's own stream of random numbers.
   */
  static void apply(final int[] order, final long seed, final long stream) {
    for (int i = order.length - 1; i > 0; i--) {
      final int j = Philox.bounded(seed, stream, i, i + 1);
      final int swap = order[i];
      order[i] = order[j];
      order[j] = swap;
    }
  }
}
