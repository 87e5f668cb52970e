package dev.gradus.plan;

import dev.gradus.memory.GradusException;

/**
 * How a plan is compiled.
 *
 * @param capacity the most rows a run may have, 1 or more.
 * @param memoryBudgetBytes the most off-heap bytes the plan may take beside the parameters.
 * @param seed of what is random in a training step (dropout): the same seed gives the same bits.
 */
public record PlanOptions(int capacity, long memoryBudgetBytes, long seed) {
  public PlanOptions {
    if (capacity < 1) {
      throw GradusException.outOfRange("batch capacity", "1 or more", capacity);
    }
    if (memoryBudgetBytes < 0) {
      throw GradusException.outOfRange("memory budget", "0 or more bytes", memoryBudgetBytes);
    }
  }

  /** With a seed of 0. */
  public PlanOptions(final int capacity, final long memoryBudgetBytes) {
    this(capacity, memoryBudgetBytes, 0);
  }

  /** No budget. */
  public PlanOptions(final int capacity) {
    this(capacity, Long.MAX_VALUE);
  }

  /** These options with another seed. */
  public PlanOptions withSeed(final long newSeed) {
    return new PlanOptions(capacity, memoryBudgetBytes, newSeed);
  }
}
