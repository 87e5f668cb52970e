package dev.gradus.tools.data;

import dev.gradus.memory.GradusException;
import java.util.List;

/**
 * What one file, or one pair of files, holds.
 *
 * @param source where it came from, for messages.
 * @param features unscaled.
 * @param targets a text for each row: a class or a number; none where the source has no targets.
 * @param numbered whether targets are class numbers from 0, rather than names of classes.
 * @param target name of the targets' column; empty where it has none.
 * @param targetColumn where the targets stood in their table, from 0; -1 where they did not.
 */
public record Samples(
    String source,
    Features features,
    List<String> targets,
    boolean numbered,
    String target,
    int targetColumn) {
  public Samples {
    if (features.rows() == 0) {
      throw GradusException.mismatch("rows of " + source, "1 or more", 0);
    }
    if (!targets.isEmpty() && targets.size() != features.rows()) {
      throw GradusException.mismatch("labels of " + source, features.rows(), targets.size());
    }
  }

  public int rows() {
    return features.rows();
  }

  public boolean hasTargets() {
    return !targets.isEmpty();
  }

  /**
   * Requires targets.
   *
   * @throws GradusException where the source has none.
   */
  public void requireTargets() {
    if (!hasTargets()) {
      throw GradusException.mismatch("targets of " + source, "a label for each row", "none");
    }
  }

  /**
   * Targets as numbers, for regression.
   *
   * @throws GradusException for the first that is not a finite number.
   */
  public double[] targetNumbers() {
    requireTargets();
    final double[] numbers = new double[targets.size()];
    for (int row = 0; row < numbers.length; row++) {
      numbers[row] = CsvNumbers.parse(targets.get(row));
      if (!Double.isFinite(numbers[row])) {
        throw GradusException.mismatch(
            "target of row " + (row + 1) + " of " + source,
            "a finite number",
            '"' + targets.get(row) + '"');
      }
    }
    return numbers;
  }
}
