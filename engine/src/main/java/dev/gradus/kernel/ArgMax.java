package dev.gradus.kernel;

import dev.gradus.memory.OffHeap;

/**
 * The class with the largest score. One form: its loop of compares is short beside what computed
 * the scores.
 */
public final class ArgMax {
  private ArgMax() {}

  /**
   * The index of the first of the largest floats; NaN is passed over, and 0 where nothing exceeds
   * -infinity.
   */
  public static int index(final long x, final long columns) {
    float largest = Float.NEGATIVE_INFINITY;
    int index = 0;
    for (int c = 0; c < columns; c++) {
      final float value = OffHeap.getFloat(x + (long) c * Float.BYTES);
      if (value > largest) {
        largest = value;
        index = c;
      }
    }
    return index;
  }

  /**
   * Counts the rows whose largest score is at their label.
   *
   * @param scores (rows, columns).
   * @param labels int32 (rows).
   */
  public static int correct(
      final long scores, final long labels, final long rows, final long columns) {
    int correct = 0;
    for (long r = 0; r < rows; r++) {
      if (index(scores + r * columns * Float.BYTES, columns)
          == OffHeap.getInt(labels + r * Integer.BYTES)) {
        correct++;
      }
    }
    return correct;
  }
}
