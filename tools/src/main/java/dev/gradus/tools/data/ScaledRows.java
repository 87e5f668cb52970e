package dev.gradus.tools.data;

import dev.gradus.memory.GradusException;
import dev.gradus.memory.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Copies rows of features off the heap, scaled. */
public final class ScaledRows {
  private ScaledRows() {}

  /** Copies all rows of samples to the rows of a tensor from {@code targetRow} on. */
  static void copyAll(
      final Samples samples, final Scaling scaling, final Tensor target, final int targetRow) {
    copy(samples, scaling, 0, samples.rows(), target, targetRow);
  }

  /**
   * Copies a range of rows.
   *
   * @param target (at least targetRow + count, width), float32.
   * @throws GradusException where a scaled value is not finite.
   */
  public static void copy(
      final Samples samples,
      final Scaling scaling,
      final int firstRow,
      final int count,
      final Tensor target,
      final int targetRow) {
    final Features features = samples.features();
    final int width = features.width();
    scaling.requireWidth(width);
    final float[] row = new float[width];
    final MemorySegment segment = target.segment();
    for (int r = 0; r < count; r++) {
      for (int c = 0; c < width; c++) {
        row[c] = scaling.apply(c, features.get(firstRow + r, c));
        if (!Float.isFinite(row[c])) {
          throw GradusException.outOfRange(
              "row " + (firstRow + r + 1) + ", feature " + (c + 1) + " of " + samples.source(),
              "a number that is finite when scaled",
              features.get(firstRow + r, c));
        }
      }
      final long byteOffset = ((long) targetRow + r) * width * Float.BYTES;
      MemorySegment.copy(row, 0, segment, ValueLayout.JAVA_FLOAT, byteOffset, width);
    }
  }
}
