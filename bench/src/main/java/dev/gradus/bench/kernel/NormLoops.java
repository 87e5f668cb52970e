package dev.gradus.bench.kernel;

import dev.gradus.kernel.KernelMode;
import dev.gradus.kernel.Moments;
import dev.gradus.kernel.Standardize;
import dev.gradus.memory.OffHeap;

/** Normalisation of the first buffer into the second, as the engine's ops do it. */
public final class NormLoops {
  /** Of a variance. */
  public static final double EPSILON = 1e-5;

  /** At least two images, and no more channels than this. */
  private static final long MOST_CHANNELS = 64;

  private NormLoops() {}

  /** Of so many elements in planes of {@link Loops#COLUMNS}. */
  public static long channels(final long elements) {
    return Math.min(MOST_CHANNELS, elements / Loops.COLUMNS / 2);
  }

  /** Rows; scale and shift are the first row of the third and fourth buffer. */
  static Loops layer(final KernelMode mode) {
    final Moments moments = Moments.of(mode);
    final Standardize standardize = Standardize.of(mode);
    return Loops.of(
        (a, s, count) -> {
          for (long x = a; x < a + count * Float.BYTES; x += Loops.COLUMNS * Float.BYTES) {
            final double mean = moments.sum(x, Loops.COLUMNS) / Loops.COLUMNS;
            final double variance = moments.squares(x, Loops.COLUMNS, (float) mean) / Loops.COLUMNS;
            final float factor = (float) (1 / Math.sqrt(variance + EPSILON));
            standardize.run(x, (float) mean, factor, a + 2 * s, a + 3 * s, x + s, Loops.COLUMNS);
          }
        },
        1,
        1,
        0,
        8);
  }

  /**
   * Channels of images (N,channels,32,32), by the batch's own statistics; scale and shift are the
   * first numbers of the third and fourth buffer. A part of the work is a range of channels.
   */
  static Loops batch(final KernelMode mode) {
    final Moments moments = Moments.of(mode);
    final Standardize standardize = Standardize.of(mode);
    return new Loops(
        (address, elements, from, count) -> {
          final long channels = channels(elements);
          final long to = (from + count) * channels / elements;
          for (long channel = from * channels / elements; channel < to; channel++) {
            channel(moments, standardize, address, elements, channels, channel);
          }
        },
        1,
        1,
        0,
        8);
  }

  private static void channel(
      final Moments moments,
      final Standardize standardize,
      final long address,
      final long elements,
      final long channels,
      final long channel) {
    final long buffer = elements * Float.BYTES;
    final long plane = (long) Loops.COLUMNS * Float.BYTES;
    final long first = address + channel * plane;
    final long count = elements / channels;
    double sum = 0;
    for (long x = first; x < address + buffer; x += channels * plane) {
      sum += moments.sum(x, Loops.COLUMNS);
    }
    final float mean = (float) (sum / count);
    double squares = 0;
    for (long x = first; x < address + buffer; x += channels * plane) {
      squares += moments.squares(x, Loops.COLUMNS, mean);
    }
    final double root = Math.sqrt(squares / count + EPSILON);
    final long number = address + 2 * buffer + channel * Float.BYTES;
    final float factor = (float) (OffHeap.getFloat(number) / root);
    final float shift = OffHeap.getFloat(number + buffer);
    final long images = count / Loops.COLUMNS;
    final long apart = channels * plane;
    final long y = first + buffer;
    standardize.run(first, mean, factor, shift, y, images, apart, Loops.COLUMNS);
  }
}
