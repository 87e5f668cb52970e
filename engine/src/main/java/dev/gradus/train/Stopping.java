package dev.gradus.train;

/**
 * When a run ends, beside the number of its epochs. A {@link Trainer} takes any number of rules and
 * ends with the first that has a reason. Rules are asked on the training thread; one that has
 * nothing to say allocates nothing.
 */
public interface Stopping {
  /** Before the first step. */
  default void begin() {}

  /**
   * After each step.
   *
   * @param step of the plan, from 1.
   * @param loss of the batch, before the update.
   * @return why to stop, or null.
   */
  default String afterStep(final long step, final float loss) {
    return null;
  }

  /**
   * After each complete epoch.
   *
   * @param epoch from 1.
   * @param loss mean over the epoch's rows, before their updates.
   * @param metric the validation loss where the trainer has validation data, else {@code loss}.
   * @return why to stop, or null.
   */
  default String afterEpoch(final int epoch, final double loss, final double metric) {
    return null;
  }

  /** After the last step, whatever ended the run but an exception. */
  default void end() {}
}
