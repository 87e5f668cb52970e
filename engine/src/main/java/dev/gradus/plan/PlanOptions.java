package dev.gradus.plan;

import dev.gradus.memory.GradusException;

/**
 * How a plan is compiled.
 *
 * @param capacity the most rows a run may have, 1 or more.
 * @param memoryBudgetBytes the most off-heap bytes the plan may take beside the parameters.
 */
public record PlanOptions(int capacity, long memoryBudgetBytes) {
  public PlanOptions {
    if (capacity < 1) {
      throw GradusException.outOfRange("batch capacity", "1 or more", capacity);
    }
    if (memoryBudgetBytes < 0) {
      throw GradusException.outOfRange("memory budget", "0 or more bytes", memoryBudgetBytes);
    }
  }

  /** No budget. */
  public PlanOptions(final int capacity) {
    this(capacity, Long.MAX_VALUE);
  }
}
