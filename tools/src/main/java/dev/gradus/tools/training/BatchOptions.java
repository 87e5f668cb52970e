package dev.gradus.tools.training;

import dev.gradus.data.Augmentation;
import dev.gradus.data.Batches;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.Shape;
import dev.gradus.tools.data.TrainingSet;

/**
 * How the training part comes in batches.
 *
 * @param size rows of a step, 1 or more; {@link #FULL} for all.
 * @param dropLast whether an epoch leaves out a last batch that is short.
 * @param balanced whether each class comes as often as the others.
 * @param augmentation of images; null for none.
 */
public record BatchOptions(
    int size, boolean dropLast, boolean balanced, Augmentation augmentation) {
  /** A size larger than any data. */
  public static final int FULL = Integer.MAX_VALUE;

  public BatchOptions {
    if (size < 1) {
      throw GradusException.outOfRange("batch", "1 or more", size);
    }
  }

  /** Whether samples are mixed, and so their classes are probabilities. */
  boolean mixes() {
    return augmentation != null && augmentation.mixes();
  }

  /** Most rows of a step. */
  int rows(final TrainingSet set) {
    return Math.min(size, set.partition().training().length);
  }

  /**
   * Batches of a training part.
   *
   * @param row the shape of a row, which augmentation wants to be an image.
   * @throws GradusException where the data don't allow what was asked for.
   */
  Batches of(final TrainingSet set, final Shape row, final long seed) {
    final Batches batches =
        new Batches(set.data(), set.partition().training(), rows(set), seed, true, !dropLast);
    if (balanced) {
      batches.balanced();
    }
    return augmentation == null ? batches : batches.augmented(augmentation, row);
  }
}
