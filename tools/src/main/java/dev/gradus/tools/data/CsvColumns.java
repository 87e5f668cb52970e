package dev.gradus.tools.data;

import dev.gradus.memory.GradusException;
import dev.gradus.memory.Names;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;

/** Which columns of a table serve as what. */
final class CsvColumns {
  private final int[] features;
  private final int target;
  private final boolean[] categorical;

  /**
   * Columns chosen.
   *
   * @param categorical which of the features are categories; null where texts are to tell.
   */
  CsvColumns(final int[] features, final int target, final boolean[] categorical) {
    this.features = features;
    this.target = target;
    this.categorical = categorical;
  }

  /** Whether texts are to tell which features are categories. */
  boolean guesses() {
    return categorical == null;
  }

  /** Which of the features are categories, where that is known beforehand. */
  boolean[] categorical() {
    return categorical.clone();
  }

  /** Columns of the features, from 0. */
  int[] features() {
    return features;
  }

  /** The column of the targets, from 0; -1 where the table has none. */
  int target() {
    return target;
  }

  /** Decides once the first line has been seen. */
  interface Choice {
    /**
     * Chooses columns.
     *
     * @param file for messages.
     * @param names of all columns; none where the table has no header.
     * @param count of columns.
     * @throws GradusException where the table lacks a column.
     */
    CsvColumns of(String file, List<String> names, int count);
  }

  /**
   * For training: one column is the target, all others are features.
   *
   * @param target name or number from 1; empty for the last.
   * @param categorical see {@link CsvOptions#categorical}.
   */
  static Choice forTraining(final String target, final String categorical) {
    return (file, names, count) -> {
      if (count < 2) {
        throw GradusException.mismatch(
            "columns of " + file, "2 or more: features and a target", count);
      }
      requireUnique(file, names);
      final int column = target.isEmpty() ? count - 1 : find("target", file, target, names, count);
      final int[] features = allBut(column, count);
      return new CsvColumns(
          features, column, categorical(file, categorical, names, count, features));
    };
  }

  private static boolean[] categorical(
      final String file,
      final String text,
      final List<String> names,
      final int count,
      final int[] features) {
    final boolean[] categorical = new boolean[features.length];
    if (text.equals(CsvOptions.AUTO) || text.equals(CsvOptions.NONE)) {
      return text.equals(CsvOptions.AUTO) ? null : categorical;
    }
    for (final String name : text.split(",", -1)) {
      final int column = find("categorical column", file, name.strip(), names, count);
      final int feature = Arrays.binarySearch(features, column);
      if (feature < 0) {
        throw GradusException.mismatch(
            "categorical column of " + file, "a feature", name + ", the target");
      }
      categorical[feature] = true;
    }
    return categorical;
  }

  /**
   * For scoring: the features a model was trained with, by name where both sides have names, else
   * by position; a table may leave the target out.
   *
   * @param trained names of the model's features; none where it knows none.
   * @param target name of the model's target column; empty where it knows none.
   * @param targetColumn where the target stood in the table it was trained with, from 0.
   * @param categorical which of the model's features are categories.
   */
  static Choice forScoring(
      final List<String> trained,
      final String target,
      final int targetColumn,
      final boolean[] categorical) {
    final int width = categorical.length;
    return (file, names, count) -> {
      requireUnique(file, names);
      if (!names.isEmpty() && !trained.isEmpty()) {
        final int[] features = new int[width];
        for (int i = 0; i < width; i++) {
          features[i] = names.indexOf(trained.get(i));
          if (features[i] < 0) {
            throw GradusException.mismatch(
                "columns of " + file, "one named \"" + trained.get(i) + '"', names);
          }
        }
        return new CsvColumns(features, names.indexOf(target), categorical);
      }
      if (count == width) {
        return new CsvColumns(allBut(-1, count), -1, categorical);
      }
      if (count == width + 1) {
        final int column = targetColumn < 0 ? width : targetColumn;
        return new CsvColumns(allBut(column, count), column, categorical);
      }
      throw GradusException.mismatch(
          "columns of " + file, width + " features, or one more with the target", count);
    };
  }

  private static int find(
      final String what,
      final String file,
      final String target,
      final List<String> names,
      final int count) {
    final int named = names.indexOf(target);
    if (named >= 0) {
      return named;
    }
    if (!target.matches("-?[0-9]{1,9}")) {
      if (names.isEmpty()) {
        throw GradusException.mismatch(
            what + " of " + file,
            "a column's number, 1 to " + count + ", as the file has no header",
            '"' + target + '"');
      }
      throw Names.unknown("column", target, names);
    }
    final int number = Integer.parseInt(target);
    if (number < 1 || number > count) {
      throw GradusException.outOfRange(
          (what.equals("target") ? "target column" : what) + " of " + file,
          "1 to " + count,
          number);
    }
    return number - 1;
  }

  private static void requireUnique(final String file, final List<String> names) {
    final HashSet<String> seen = new HashSet<>();
    for (final String name : names) {
      if (!seen.add(name)) {
        throw GradusException.mismatch(
            "names of columns of " + file, "each once", '"' + name + "\" twice");
      }
    }
  }

  private static int[] allBut(final int left, final int count) {
    final int[] columns = new int[left < 0 ? count : count - 1];
    int next = 0;
    for (int column = 0; column < count; column++) {
      if (column != left) {
        columns[next++] = column;
      }
    }
    return columns;
  }

  /** The names of the feature columns; none where the table has no header. */
  List<String> featureNames(final List<String> names) {
    final List<String> chosen = new ArrayList<>();
    if (!names.isEmpty()) {
      for (final int column : features) {
        chosen.add(names.get(column));
      }
    }
    return chosen;
  }
}
