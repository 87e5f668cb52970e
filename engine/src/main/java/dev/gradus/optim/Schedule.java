package dev.gradus.optim;

/**
 * How the learning rate goes over a run: a factor on the optimizer's rate for each step, a pure
 * function of the number of steps, in double precision. Only {@link ReduceOnPlateau} keeps a state.
 *
 * <pre>{@code
 * new WarmUp(500).then(new Cosine(10_000, 0)); // rate * (1/500 .. 1), then half a cosine down to 0
 * }</pre>
 */
public interface Schedule {
  /** The length of a schedule that has no end of its own. */
  long UNENDING = Long.MAX_VALUE;

  /**
   * The factor of a step.
   *
   * @param steps made before it: 0 for the first. Behind {@link #length} the factor stays.
   * @return 0 or more.
   */
  double factor(long steps);

  /** Steps until the factor stays as it is, or {@link #UNENDING}. */
  default long length() {
    return UNENDING;
  }

  /**
   * Hears how good the network is, the lower the better, after each epoch: the validation loss
   * where there is one. Only {@link ReduceOnPlateau} listens.
   */
  default void hear(final double metric) {}

  /** This schedule for the whole of its length, then another, which counts its steps from 0. */
  default Schedule then(final Schedule next) {
    return new Sequence(this, next);
  }
}
