package dev.gradus.data;

import dev.gradus.memory.DType;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.OffHeap;
import dev.gradus.memory.Shape;
import dev.gradus.memory.Tensor;

/**
 * Hands rows of a data set over in batches, epoch by epoch, in a seeded order; allocates nothing
 * after construction.
 *
 * <pre>{@code
 * batches.startEpoch(epoch);
 * for (int rows; (rows = batches.next(plan.input(), plan.target())) > 0; ) {
 *   plan.step(rows);
 * }
 * }</pre>
 */
public final class Batches {
  private final Dataset data;
  private final int[] rows;
  private final int[] order;
  private final int batchSize;
  private final long seed;
  private final boolean shuffle;
  private final boolean keepLast;
  private int position;

  /**
   * Chooses rows and sizes.
   *
   * @param rows which rows of the data take part.
   * @param batchSize rows of a batch, 1 or more.
   * @param shuffle whether each epoch has an order of its own, the same for the same seed and
   *     epoch.
   * @param keepLast whether an epoch ends with the shorter batch that is left over; else that is
   *     dropped.
   */
  public Batches(
      final Dataset data,
      final int[] rows,
      final int batchSize,
      final long seed,
      final boolean shuffle,
      final boolean keepLast) {
    if (batchSize < 1) {
      throw GradusException.outOfRange("batch size", "1 or more", batchSize);
    }
    if (rows.length == 0 || (!keepLast && rows.length < batchSize)) {
      throw GradusException.outOfRange(
          "rows to make batches of", (keepLast ? 1 : batchSize) + " or more", rows.length);
    }
    for (final int row : rows) {
      if (row < 0 || row >= data.rows()) {
        throw GradusException.outOfRange("row", "0 to " + (data.rows() - 1), row);
      }
    }
    this.data = data;
    this.rows = rows.clone();
    this.order = rows.clone();
    this.batchSize = batchSize;
    this.seed = seed;
    this.shuffle = shuffle;
    this.keepLast = keepLast;
  }

  public int batchSize() {
    return batchSize;
  }

  /** The number of rows that take part. */
  public int rows() {
    return rows.length;
  }

  /** The number of batches in an epoch. */
  public int batchesPerEpoch() {
    return keepLast ? (rows.length + batchSize - 1) / batchSize : rows.length / batchSize;
  }

  /** Begins an epoch; its number alone decides its order. */
  public void startEpoch(final int epoch) {
    position = 0;
    System.arraycopy(rows, 0, order, 0, rows.length);
    if (shuffle) {
      Shuffle.apply(order, seed, epoch);
    }
  }

  /**
   * Copies the next batch.
   *
   * @param input room for a batch of features.
   * @param target room for a batch of targets.
   * @return the number of rows copied; 0 where the epoch has ended.
   * @throws GradusException where input or target don't fit the data or are closed.
   */
  public int next(final Tensor input, final Tensor target) {
    requireFits("input", data.features(), input);
    requireFits("target", data.targets(), target);
    final int left = rows.length - position;
    final int count = Math.min(batchSize, left);
    if (count == 0 || (count < batchSize && !keepLast)) {
      return 0;
    }
    copyRows(data.features(), input, count);
    copyRows(data.targets(), target, count);
    position += count;
    return count;
  }

  private void copyRows(final Tensor source, final Tensor target, final int count) {
    source.acquire();
    try {
      target.acquire();
      try {
        final long rowBytes = source.shape().rowElements() * DType.BYTES;
        final long from = source.address();
        final long to = target.address();
        for (int i = 0; i < count; i++) {
          OffHeap.copy(from + order[position + i] * rowBytes, to + i * rowBytes, rowBytes);
        }
      } finally {
        target.release();
      }
    } finally {
      source.release();
    }
  }

  private void requireFits(final String what, final Tensor source, final Tensor target) {
    final Shape expected = source.shape();
    final Shape actual = target.shape();
    if (source.type().dtype() != target.type().dtype()
        || expected.rowElements() != actual.rowElements()
        || actual.dim(0) < Math.min(batchSize, rows.length)) {
      throw GradusException.mismatch(
          what + " of a batch",
          source.type().dtype()
              + " rows of "
              + expected.rowElements()
              + ", "
              + batchSize
              + " or more",
          target.type());
    }
  }
}
