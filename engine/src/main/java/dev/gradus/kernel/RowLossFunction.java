package dev.gradus.kernel;

import dev.gradus.memory.GradusException;
import dev.gradus.memory.OffHeap;

/**
 * A loss of one row of predictions as a whole, and its derivative; {@link LossFunction} is that of
 * single elements. One record each, whose components are its settings. Sums are made in double
 * precision, one element after the other, and rounded once: the same bits everywhere.
 */
public interface RowLossFunction {
  /** What goes with a row of predictions. */
  enum Target {
    /** An int32 class. */
    LABEL,
    /** One float. */
    NUMBER,
    /** As many floats as predictions. */
    ROW
  }

  /** The name users write, lower case. */
  String name();

  /** The name, with the number in parentheses where there is one, as users write it. */
  default String describe() {
    return name();
  }

  Target target();

  /**
   * The loss of a row.
   *
   * @param prediction of the row, (columns).
   * @param target of the row, see {@link #target()}; a label is valid or, where allowed, ignored.
   */
  double loss(long prediction, long target, long columns);

  /**
   * Writes {@code dRow} times the derivative.
   *
   * @param dPrediction (columns), apart from {@code prediction}.
   */
  void gradient(long prediction, long target, double dRow, long dPrediction, long columns);

  /** How many equal parts a row consists of, one behind the other. */
  default int parts() {
    return 1;
  }

  /** The least target that makes sense; {@link #highestTarget()} is the other end. */
  default float lowestTarget() {
    return Float.NEGATIVE_INFINITY;
  }

  default float highestTarget() {
    return Float.POSITIVE_INFINITY;
  }

  /**
   * Checks that rows fall into {@link #parts()}, and what else a function asks of them.
   *
   * @throws GradusException where they don't.
   */
  default void requireColumns(final int columns) {
    if (columns % parts() != 0) {
      throw GradusException.mismatch(
          "columns of the prediction of " + name(), "a multiple of " + parts(), columns);
    }
  }

  /** The margin of a loss, which must be finite and not negative. */
  static void requireMargin(final String name, final float margin) {
    if (!(margin >= 0 && margin < Float.POSITIVE_INFINITY)) {
      throw GradusException.outOfRange("margin of " + name, "a finite number of 0 or more", margin);
    }
  }

  /** Element {@code i} of a row. */
  static float at(final long row, final long i) {
    return OffHeap.getFloat(row + i * Float.BYTES);
  }

  static void set(final long row, final long i, final double value) {
    OffHeap.setFloat(row + i * Float.BYTES, (float) value);
  }
}
