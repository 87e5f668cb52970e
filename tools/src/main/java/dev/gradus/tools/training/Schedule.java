package dev.gradus.tools.training;

import dev.gradus.memory.Names;
import java.util.List;

/** How the learning rate goes over a run. */
public enum Schedule {
  /** The same at each step. */
  CONSTANT,
  /** Falls in a straight line, towards 0 at the last step: large steps first, then fine ones. */
  LINEAR;

  /**
   * By name.
   *
   * @throws dev.gradus.memory.GradusException where there is no such name.
   */
  public static Schedule byName(final String name) {
    return switch (name) {
      case "constant" -> CONSTANT;
      case "linear" -> LINEAR;
      default -> throw Names.unknown("schedule", name, List.of("constant", "linear"));
    };
  }

  /**
   * The rate of a step.
   *
   * @param first the rate of the first step.
   * @param step from 1.
   * @param steps of the whole run.
   */
  double rate(final double first, final long step, final long steps) {
    return this == CONSTANT ? first : first * (steps - step + 1) / steps;
  }
}
