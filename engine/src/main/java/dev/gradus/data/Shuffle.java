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
    apply(order, 0, order.length, seed, stream);
  }

  /** Shuffles a range; ranges that don't overlap have numbers of their own from the same stream. */
  static void apply(
      final int[] order, final int from, final int to, final long seed, final long stream) {
    for (int i = to - 1; i > from; i--) {
      final int j = from + Philox.bounded(seed, stream, i, i - from + 1);
      final int swap = order[i];
      order[i] = order[j];
      order[j] = swap;
    }
  }
}
