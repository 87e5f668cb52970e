package dev.gradus.tests;

import dev.gradus.memory.Shape;
import dev.gradus.memory.TensorType;
import java.util.Arrays;

/**
 * A tensor of doubles that stands for exact arithmetic; class indices are whole numbers. Beside
 * each value stands how far a float32 computation of it from exact operands may be off, in units of
 * {@link #ROUNDING}: the k times magnitude of a tolerance {@code k * eps * magnitude}.
 */
final class RealTensor {
  /**
   * Half the distance from 1 to the next float: the most that one float32 operation is off,
   * relatively.
   */
  static final double ROUNDING = 0x1p-24;

  private final Shape shape;
  private final double[] values;
  private final double[] bounds;

  private RealTensor(final Shape shape, final double[] values) {
    if (shape.isBatched() || shape.elements(1) != values.length) {
      throw new AssertionError("shape " + shape + " does not hold " + values.length + " values");
    }
    this.shape = shape;
    this.values = values;
    this.bounds = new double[values.length];
  }

  /** A tensor to be filled. */
  static RealTensor zeros(final Shape shape) {
    return new RealTensor(shape, new double[Math.toIntExact(shape.elements(1))]);
  }

  /** A tensor of given values, taken as exact. The array is not copied. */
  static RealTensor of(final Shape shape, final double... values) {
    return new RealTensor(shape, values);
  }

  /** The shape of a type in a run of {@code rows}. */
  static Shape bound(final TensorType type, final int rows) {
    return type.shape().isBatched() ? type.shape().at(rows) : type.shape();
  }

  Shape shape() {
    return shape;
  }

  int length() {
    return values.length;
  }

  /** The last dimension. */
  int columns() {
    return shape.last();
  }

  /** The number of vectors of {@link #columns()}. */
  int vectors() {
    return values.length / columns();
  }

  double at(final int index) {
    return values[index];
  }

  double at(final int row, final int column) {
    return values[row * columns() + column];
  }

  /** Sets a value and the bound of its float32 counterpart in units of {@link #ROUNDING}. */
  void set(final int index, final double value, final double bound) {
    values[index] = value;
    bounds[index] = bound;
  }

  /** The bound in units of {@link #ROUNDING}. */
  double bound(final int index) {
    return bounds[index];
  }

  /** The most a float32 counterpart may be off; the smallest normal float allows for underflow. */
  double tolerance(final int index) {
    return bounds[index] * ROUNDING + Float.MIN_NORMAL;
  }

  /** A copy of the values. */
  double[] values() {
    return values.clone();
  }

  /** A copy of some values, {@code to} not among them. */
  double[] values(final int from, final int to) {
    return Arrays.copyOfRange(values, from, to);
  }

  /** The largest absolute value. */
  double norm() {
    return Arrays.stream(values).map(Math::abs).max().orElse(0);
  }
}
