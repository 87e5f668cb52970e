package dev.gradus.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Takes numbers below float32's normal range, 1.2e-38, for 0. What decays from step to step, as a
 * moment whose gradient has become 0, would stay there for ever, since 0.9 of the least number is
 * rounded to that number; and Intel's CPUs compute with such numbers a hundred times slower.
 */
final class Subnormal {
  private Subnormal() {}

  static float toZero(final float x) {
    return Math.abs(x) < Float.MIN_NORMAL ? 0f : x;
  }

  static FloatVector toZero(final FloatVector x) {
    return x.blend(0f, x.abs().compare(VectorOperators.LT, Float.MIN_NORMAL));
  }
}
