package dev.gradus.kernel;

import dev.gradus.memory.OffHeap;

/**
 * Counter-based random numbers: number {@code i} of a stream is a function of seed, stream and
 * {@code i} alone, so that any of them can be had at any time, in any order, on any thread, without
 * state.
 *
 * <p>Each block of the counter {@code (i, stream)} under the key {@code seed} gives four words of
 * 32 bits.
 *
 * <p>Source: Philox4x32-10 of Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as
 * 1, 2, 3", 2011.
 */
public final class Philox {
  static final int ROUNDS = 10;
  static final long MULTIPLIER_0 = 0xD2511F53L;
  static final long MULTIPLIER_1 = 0xCD9E8D57L;
  static final int WEYL_0 = 0x9E3779B9;
  static final int WEYL_1 = 0xBB67AE85;
  private static final long WORD = 0xFFFFFFFFL;

  private Philox() {}

  /**
   * Two of a block's four words, the first in the low half.
   *
   * @param high false for words 0 and 1, true for 2 and 3.
   */
  public static long words(
      final long seed, final long stream, final long block, final boolean high) {
    int key0 = (int) seed;
    int key1 = (int) (seed >>> 32);
    int c0 = (int) block;
    int c1 = (int) (block >>> 32);
    int c2 = (int) stream;
    int c3 = (int) (stream >>> 32);
    for (int round = 0; round < ROUNDS; round++) {
      final long product0 = MULTIPLIER_0 * (c0 & WORD);
      final long product1 = MULTIPLIER_1 * (c2 & WORD);
      c0 = (int) (product1 >>> 32) ^ c1 ^ key0;
      c1 = (int) product1;
      c2 = (int) (product0 >>> 32) ^ c3 ^ key1;
      c3 = (int) product0;
      key0 += WEYL_0;
      key1 += WEYL_1;
    }
    return high ? ((c3 & WORD) << 32) | (c2 & WORD) : ((c1 & WORD) << 32) | (c0 & WORD);
  }

  /** Word {@code i} of a stream: word {@code i mod 4} of block {@code i / 4}. */
  private static int word(final long seed, final long stream, final long i) {
    final long pair = words(seed, stream, i >>> 2, (i & 2) != 0);
    return (int) ((i & 1) == 0 ? pair : pair >>> 32);
  }

  /**
   * Fills with numbers of equal probability from {@code low} up to, not including, {@code high}, of
   * 2^24 different ones.
   *
   * @param out (count), written.
   */
  public static void uniform(
      final long seed,
      final long stream,
      final long out,
      final long count,
      final float low,
      final float high) {
    final float last = Math.nextDown(high);
    for (long i = 0; i < count; i++) {
      final float fraction = (word(seed, stream, i) >>> 8) * 0x1p-24f;
      final float value = low + fraction * (high - low);
      OffHeap.setFloat(out + i * Float.BYTES, value < high ? value : last);
    }
  }

  /**
   * Fills with normally distributed numbers, none further than 6.7 deviations from the mean.
   *
   * <p>Source: Box and Muller 1958, in double precision with {@link StrictMath}, the same bits on
   * every machine.
   *
   * @param out (count), written.
   */
  public static void normal(
      final long seed,
      final long stream,
      final long out,
      final long count,
      final float mean,
      final float deviation) {
    for (long i = 0; i < count; i += 2) {
      final long pair = words(seed, stream, i >>> 2, (i & 2) != 0);
      // From 2^-32 to 1: the logarithm of 0 is never taken.
      final double u = ((pair & WORD) + 1) * 0x1p-32;
      final double angle = (pair >>> 32) * (0x1p-32 * 2 * Math.PI);
      final double radius = deviation * Math.sqrt(-2 * StrictMath.log(u));
      final double first = mean + radius * StrictMath.cos(angle);
      OffHeap.setFloat(out + i * Float.BYTES, (float) first);
      if (i + 1 < count) {
        final double second = mean + radius * StrictMath.sin(angle);
        OffHeap.setFloat(out + (i + 1) * Float.BYTES, (float) second);
      }
    }
  }

  /** Number {@code i} of a stream, from 0 up to, not including, 1: of 2^24 different ones. */
  public static double uniform(final long seed, final long stream, final long i) {
    return (word(seed, stream, i) >>> 8) * 0x1p-24;
  }

  /**
   * Number {@code i} of a stream, normally distributed, of mean 0 and deviation 1: what {@link
   * #normal(long, long, long, long, float, float)} rounds to a float.
   */
  public static double normal(final long seed, final long stream, final long i) {
    final long pair = words(seed, stream, i >>> 2, (i & 2) != 0);
    final double u = ((pair & WORD) + 1) * 0x1p-32;
    final double angle = (pair >>> 32) * (0x1p-32 * 2 * Math.PI);
    final double radius = Math.sqrt(-2 * StrictMath.log(u));
    return radius * ((i & 1) == 0 ? StrictMath.cos(angle) : StrictMath.sin(angle));
  }

  /**
   * Fills with normally distributed numbers of which those further than two deviations from the
   * mean are drawn again. Their own deviation is 0.8796 of the given one.
   *
   * @param out (count), written.
   */
  public static void truncatedNormal(
      final long seed,
      final long stream,
      final long out,
      final long count,
      final float mean,
      final float deviation) {
    for (long i = 0; i < count; i++) {
      double z = 3;
      // Attempts have blocks of their own, so that number i does not depend on the others.
      for (long attempt = 0; Math.abs(z) > 2; attempt++) {
        final long pair = words(seed, stream, i + (attempt << 40), false);
        final double u = ((pair & WORD) + 1) * 0x1p-32;
        z = Math.sqrt(-2 * StrictMath.log(u)) * StrictMath.cos((pair >>> 32) * (0x1p-31 * Math.PI));
      }
      OffHeap.setFloat(out + i * Float.BYTES, (float) (mean + deviation * z));
    }
  }

  /**
   * A number from 0 to {@code bound - 1}, each of a probability that is equal up to {@code bound /
   * 2^64}.
   *
   * @param counter which number of the stream.
   * @param bound 1 or more.
   */
  public static int bounded(
      final long seed, final long stream, final long counter, final int bound) {
    return (int) Math.unsignedMultiplyHigh(words(seed, stream, counter, false), bound);
  }
}
