package dev.gradus.train;

/** Follows a training run. Called on the training thread; what it allocates is its own affair. */
public interface TrainListener {
  /**
   * After each step.
   *
   * @param epoch from 1.
   * @param step from 1, over all epochs.
   * @param rows of the step's batch.
   * @param loss of the batch, before the update.
   * @param nanos the step took, without the hand-over of its batch.
   */
  default void afterStep(
      final int epoch, final long step, final int rows, final float loss, final long nanos) {}

  /** After each epoch that was not cut short, with the means over its rows. */
  default void afterEpoch(final int epoch, final double loss, final double accuracy) {}

  /** Then, where the trainer has validation data, with their score. */
  default void afterValidation(final int epoch, final Evaluation score) {}
}
