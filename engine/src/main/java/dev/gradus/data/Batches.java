package dev.gradus.data;

import dev.gradus.memory.DType;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.OffHeap;
import dev.gradus.memory.Shape;
import dev.gradus.memory.Tensor;
import dev.gradus.memory.TensorType;

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
  private final TargetRows targets;
  private final int batchSize;
  private final long seed;
  private final boolean keepLast;
  private RowOrder order;
  private Augmenter augmenter; // null: rows are copied as they are
  private int epoch;
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
    this.targets = new TargetRows(data.targets());
    this.order = RowOrder.of(rows, seed, shuffle);
    this.batchSize = batchSize;
    this.seed = seed;
    this.keepLast = keepLast;
  }

  /**
   * Lets every class that has rows come as often as the others, give or take one, in epochs as long
   * as before: of a class with more rows than that some are left out, another choice in each epoch
   * where rows are shuffled; those of one with fewer come several times.
   *
   * @throws GradusException where targets are not one class index for each row.
   */
  public Batches balanced() {
    requirePlain("balanced");
    order = order.balanced(data.targets());
    return this;
  }

  /**
   * Changes images at random while they are handed over: each by seed, epoch and row alone, and,
   * where a row comes several times in an epoch, how often it has come. With mixup, class indices
   * become probabilities: the room for targets then is float (N, classes).
   *
   * @param image the shape of rows as images, {@code [N,channels,height,width]} or {@code
   *     [N,height,width]}; rows of the data may be flat.
   * @throws GradusException where rows are no such images or too small for a change.
   */
  public Batches augmented(final Augmentation augmentation, final Shape image) {
    requirePlain("augmented");
    final TensorType features = data.features().type();
    if (features.dtype() != DType.FLOAT32
        || image.rowElements() != features.shape().rowElements()) {
      throw GradusException.mismatch("rows to augment", "float images " + image, features);
    }
    augmenter = new Augmenter(augmentation, image, order, seed, Math.min(batchSize, order.size()));
    return this;
  }

  /** What an augmenter is made for can't change later. */
  private void requirePlain(final String what) {
    if (augmenter != null) {
      throw GradusException.mismatch("batches to be " + what, "not augmented yet", "augmented");
    }
  }

  public int batchSize() {
    return batchSize;
  }

  /** The number of rows that take part. */
  public int rows() {
    return order.size();
  }

  /** The number of batches in an epoch. */
  public int batchesPerEpoch() {
    return keepLast ? Math.ceilDiv(order.size(), batchSize) : order.size() / batchSize;
  }

  /** Rows of the short batch that ends an epoch; 0 where there is none. */
  public int lastRows() {
    return keepLast ? order.size() % batchSize : 0;
  }

  /** Begins an epoch; its number alone decides its order. */
  public void startEpoch(final int number) {
    epoch = number;
    position = 0;
    order.start(number);
  }

  /**
   * Copies the next batch. Class indices are copied to room for floats as probabilities: 1 at the
   * class, else 0.
   *
   * @param input room for a batch of features.
   * @param target room for a batch of targets.
   * @return the number of rows copied; 0 where the epoch has ended.
   * @throws GradusException where input or target don't fit the data or are closed.
   */
  public int next(final Tensor input, final Tensor target) {
    requireRoom("input", data.features(), input, false);
    if (augmenter != null && augmenter.mixes()) {
      targets.requireMixable(target);
    }
    requireRoom("target", data.targets(), target, targets.areProbabilities(target));
    final int left = order.size() - position;
    final int count = Math.min(batchSize, left);
    if (count == 0 || (count < batchSize && !keepLast)) {
      return 0;
    }
    data.features().acquire();
    try {
      input.acquire();
      try {
        target.acquire();
        try {
          handOver(input, target, count);
        } finally {
          target.release();
        }
      } finally {
        input.release();
      }
    } finally {
      data.features().release();
    }
    position += count;
    return count;
  }

  private void handOver(final Tensor input, final Tensor target, final int count) {
    if (augmenter != null) {
      augmenter.drawPartners(epoch, position, count);
    }
    for (int i = 0; i < count && targets.areProbabilities(target); i++) {
      targets.requireClass(row(i), target);
      targets.requireClass(partner(i), target);
    }
    final long from = data.features().address();
    final long to = input.address();
    if (augmenter == null) {
      final long rowBytes = input.shape().rowElements() * DType.BYTES;
      for (int i = 0; i < count; i++) {
        OffHeap.copy(from + row(i) * rowBytes, to + i * rowBytes, rowBytes);
      }
    } else {
      augmenter.write(epoch, position, count, from, to);
    }
    for (int i = 0; i < count; i++) {
      final float share = augmenter == null ? 1 : augmenter.share(i);
      targets.write(row(i), partner(i), share, target, i);
    }
  }

  /** The row of the data that is at a place of the batch. */
  private int row(final int i) {
    return order.row(order.slot(position + i));
  }

  private int partner(final int i) {
    return augmenter == null ? row(i) : augmenter.partner(position, i);
  }

  private void requireRoom(
      final String what, final Tensor source, final Tensor room, final boolean converted) {
    final Shape expected = source.shape();
    final Shape actual = room.shape();
    final boolean same =
        source.type().dtype() == room.type().dtype()
            && expected.rowElements() == actual.rowElements();
    if (!(same || converted) || actual.dim(0) < Math.min(batchSize, order.size())) {
      throw GradusException.mismatch(
          what + " of a batch",
          source.type().dtype()
              + " rows of "
              + expected.rowElements()
              + ", "
              + batchSize
              + " or more",
          room.type());
    }
  }
}
