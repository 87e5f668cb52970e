package dev.gradus.train;

import dev.gradus.memory.GradusException;

/**
 * Words for a loss that is no number. Apart from {@link Trainer}: the JVM makes the strings of a
 * class when it compiles a method of it, which in the loop would be garbage in some late step.
 */
final class Divergence {
  private Divergence() {}

  static GradusException at(final long step, final int epoch, final float loss) {
    return new GradusException(
        "loss at step "
            + step
            + " (epoch "
            + epoch
            + "): expected=a finite number, actual="
            + loss);
  }
}
