package dev.gradus.data;

import dev.gradus.memory.GradusException;
import dev.gradus.memory.Shape;

/** An {@link Augmentation} at work on the rows of some batches; allocates nothing when it runs. */
final class Augmenter {
  private final ImageTransform[] transforms;
  private final double mixup;
  private final RowOrder order;
  private final Image image;
  private final Image other;
  private final Draws draws;
  private final int[] partners; // slots; empty without mixup
  private final float[] shares;
  private final long rowBytes;

  /**
   * Makes room for one image at a time, and for what is mixed in a batch.
   *
   * @param row {@code [N,channels,height,width]} or {@code [N,height,width]}.
   * @param batch most rows of a batch.
   */
  Augmenter(
      final Augmentation augmentation,
      final Shape row,
      final RowOrder order,
      final long seed,
      final int batch) {
    augmentation.requireFits(row);
    this.transforms = augmentation.transforms().toArray(ImageTransform[]::new);
    this.mixup = augmentation.mixup();
    this.order = order;
    this.image = image(row);
    this.other = image(row);
    this.draws = new Draws(seed);
    this.partners = new int[mixes() ? batch : 0];
    this.shares = new float[partners.length];
    this.rowBytes = row.rowElements() * Float.BYTES;
  }

  private static Image image(final Shape row) {
    if (row.rowElements() > Integer.MAX_VALUE) {
      throw GradusException.outOfRange("values of an image", "below 2^31", row.rowElements());
    }
    return new Image(row.rank() == 4 ? row.dim(1) : 1, row.dim(row.rank() - 2), row.last());
  }

  boolean mixes() {
    return mixup > 0;
  }

  /** Draws what the rows of a batch are mixed with. */
  void drawPartners(final int epoch, final int position, final int count) {
    for (int i = 0; i < partners.length && i < count; i++) {
      final int slot = order.slot(position + i);
      // Numbers apart from those of the transforms, which a partner draws, too.
      draws.start(epoch, order.row(slot), ~order.repeat(slot));
      shares[i] = (float) draws.beta(mixup);
      partners[i] = draws.below(order.size());
    }
  }

  /** The share of a row of the batch itself; 1 without mixup. */
  float share(final int i) {
    return mixes() ? shares[i] : 1;
  }

  /** The row that one of the batch is mixed with; itself without mixup. */
  int partner(final int position, final int i) {
    return order.row(mixes() ? partners[i] : order.slot(position + i));
  }

  /** Writes images of a batch: those of {@code count} slots from a place of the epoch on. */
  void write(
      final int epoch, final int position, final int count, final long source, final long target) {
    for (int i = 0; i < count; i++) {
      change(image, epoch, order.slot(position + i), source);
      if (mixes()) {
        change(other, epoch, partners[i], source);
        image.mix(other, shares[i]);
      }
      image.store(target + i * rowBytes);
    }
  }

  private void change(final Image which, final int epoch, final int slot, final long source) {
    final int row = order.row(slot);
    draws.start(epoch, row, order.repeat(slot));
    which.load(source + row * rowBytes);
    for (int i = 0; i < transforms.length; i++) {
      transforms[i].apply(which, draws);
    }
  }
}
