package dev.gradus.train;

import dev.gradus.memory.GradusException;

/** Ends a run after a number of its steps. */
public final class MaxSteps implements Stopping {
  private final long most;
  private long steps;

  /**
   * A limit.
   *
   * @param most 1 or more.
   */
  public MaxSteps(final long most) {
    if (most < 1) {
      throw GradusException.outOfRange("most steps", "1 or more", most);
    }
    this.most = most;
  }

  @Override
  public void begin() {
    steps = 0;
  }

  @Override
  public String afterStep(final long step, final float loss) {
    steps++;
    return steps < most ? null : "made " + steps + " steps";
  }
}
