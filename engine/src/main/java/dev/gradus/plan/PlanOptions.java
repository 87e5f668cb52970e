package dev.gradus.plan;

import dev.gradus.memory.GradusException;

/**
 * How a plan is compiled.
 *
 * @param capacity the most rows a run may have, 1 or more.
 * @param memoryBudgetBytes the most off-heap bytes the plan may take beside the parameters.
 * @param seed of what is random in a training step (dropout): the same seed gives the same bits.
 * @param inspected whether a training plan keeps activations and gradients to be read after a step,
 *     which takes memory and what fusing them away would have saved.
 */
public record PlanOptions(int capacity, long memoryBudgetBytes, long seed, boolean inspected) {
  public PlanOptions {
    if (capacity < 1) {
      throw GradusException.outOfRange("batch capacity", "1 or more", capacity);
    }
    if (memoryBudgetBytes < 0) {
      throw GradusException.outOfRange("memory budget", "0 or more bytes", memoryBudgetBytes);
    }
  }

  /** With a seed of 0, not inspected. */
  public PlanOptions(final int capacity, final long memoryBudgetBytes) {
    this(capacity, memoryBudgetBytes, 0, false);
  }

  /** No budget. */
  public PlanOptions(final int capacity) {
    this(capacity, Long.MAX_VALUE);
  }

  /** These options with another seed. */
  public PlanOptions withSeed(final long newSeed) {
    return new PlanOptions(capacity, memoryBudgetBytes, newSeed, inspected);
  }

  /** These options for a plan whose activations and gradients can be read. */
  public PlanOptions withInspection() {
    return new PlanOptions(capacity, memoryBudgetBytes, seed, true);
  }
}
