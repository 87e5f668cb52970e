package dev.gradus.train;

import dev.gradus.memory.GradusException;
import dev.gradus.plan.TrainPlan;

/**
 * Words for a loss that is no number. Apart from {@link Trainer}: the JVM makes the strings of a
 * class when it compiles a method of it, which in the loop would be garbage in some late step.
 */
final class Divergence {
  private Divergence() {}

  /** For a step that returned a loss that is not finite. */
  static GradusException at(
      final TrainPlan plan, final int epoch, final int rows, final float loss) {
    final String source = plan.firstNonFinite(rows);
    return new GradusException(
        "loss at step "
            + (plan.steps() + 1)
            + " (epoch "
            + epoch
            + "): expected=a finite number, actual="
            + loss
            + (source == null ? "" : ", first in " + source));
  }
}
