package dev.gradus.tests;

import dev.gradus.memory.Shape;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;

/**
 * How values of one input of a sample are drawn: all of them float32 numbers, so that both sides
 * see the same.
 */
interface Draw {
  /** Values for a shape with all dimensions bound. */
  double[] from(Random random, Shape shape);

  /** Standard normal. */
  static Draw normal() {
    return each(x -> x);
  }

  /** Standard normal times a factor. */
  static Draw scaled(final double factor) {
    return each(x -> x * factor);
  }

  /** Normal, but at least 0.05 from zero, where an activation may have a kink. */
  static Draw awayFromZero() {
    return each(x -> x + Math.copySign(0.05, x));
  }

  /** A function of standard normal numbers. */
  static Draw each(final DoubleUnaryOperator function) {
    return (random, shape) -> {
      final double[] values = new double[Math.toIntExact(shape.elements(1))];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) function.applyAsDouble(random.nextGaussian());
      }
      return values;
    };
  }

  /** Rows of positive numbers whose sum is 1 up to rounding. */
  static Draw probabilities() {
    return (random, shape) -> {
      final double[] values = new double[Math.toIntExact(shape.elements(1))];
      for (int row = 0; row < values.length; row += shape.last()) {
        double sum = 0;
        for (int i = row; i < row + shape.last(); i++) {
          values[i] = Math.exp(random.nextGaussian());
          sum += values[i];
        }
        for (int i = row; i < row + shape.last(); i++) {
          values[i] = (float) (values[i] / sum);
        }
      }
      return values;
    };
  }

  /** Class indices. */
  static Draw labels(final int classes) {
    return (random, shape) -> random.ints(shape.elements(1), 0, classes).asDoubleStream().toArray();
  }
}
