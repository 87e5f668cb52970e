package dev.gradus.train;

import dev.gradus.kernel.ArgMax;
import dev.gradus.memory.Tensor;

/** Counts predictions that are right. */
final class Hits {
  private Hits() {}

  /**
   * The number of labels in a batch: one for each vector of scores.
   *
   * @param output (capacity, ..., classes).
   */
  static long labels(final Tensor output, final int rows) {
    return output.shape().rowElements() / output.shape().last() * rows;
  }

  /**
   * Counts the vectors of scores whose largest is at their label; allocates nothing.
   *
   * @param output (capacity, ..., classes).
   * @param target int32 labels (capacity, ...).
   * @throws dev.gradus.memory.GradusException where the plan they belong to is closed.
   */
  static long count(final Tensor output, final Tensor target, final int rows) {
    output.acquire();
    try {
      target.acquire();
      try {
        return ArgMax.correct(
            output.address(), target.address(), labels(output, rows), output.shape().last());
      } finally {
        target.release();
      }
    } finally {
      output.release();
    }
  }
}
