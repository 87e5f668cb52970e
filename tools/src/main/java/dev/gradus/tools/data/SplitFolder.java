package dev.gradus.tools.data;

import dev.gradus.memory.GradusException;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A folder of {@code data.txt}, numbers with blanks between them, and files that say which columns
 * and rows serve as what, one number from 0 a line: {@code index_features.txt}, {@code
 * index_target.txt}, {@code index_train_<i>.txt}, {@code index_test_<i>.txt} for each split {@code
 * i}.
 *
 * <p>Source: Y. Gal, Z. Ghahramani, "Dropout as a Bayesian approximation", 2016, whose splits of
 * UCI regression sets have this form.
 */
final class SplitFolder {
  private static final String DATA = "data.txt";

  private SplitFolder() {}

  static boolean is(final Path folder) {
    return Files.exists(folder.resolve(DATA)) && splits(folder) > 0;
  }

  /** The number of splits: those numbered from 0 without a gap. */
  static int splits(final Path folder) {
    int count = 0;
    while (Files.exists(folder.resolve("index_train_" + count + ".txt"))) {
      count++;
    }
    return count;
  }

  /**
   * Reads one split: its training rows, and its test rows for the test.
   *
   * @throws GradusException where there is no such split, or a file is damaged.
   */
  static Source read(final String name, final Path folder, final int split) {
    final int splits = splits(folder);
    if (split < 0 || split >= splits) {
      throw GradusException.outOfRange("split of " + name, "0 to " + (splits - 1), split);
    }
    final List<double[]> rows = lines(folder.resolve(DATA));
    final int width = rows.get(0).length;
    final int[] features = indices(folder.resolve("index_features.txt"), width, "columns");
    final int target = indices(folder.resolve("index_target.txt"), width, "columns")[0];
    return new Source(
        name,
        samples(folder.resolve("index_train_" + split + ".txt"), rows, features, target),
        samples(folder.resolve("index_test_" + split + ".txt"), rows, features, target),
        null);
  }

  private static Samples samples(
      final Path file, final List<double[]> rows, final int[] features, final int target) {
    final List<double[]> values = new ArrayList<>();
    final List<String> targets = new ArrayList<>();
    for (final int row : indices(file, rows.size(), "rows")) {
      final double[] from = rows.get(row);
      final double[] to = new double[features.length];
      for (int i = 0; i < to.length; i++) {
        to[i] = from[features[i]];
      }
      values.add(to);
      targets.add(Double.toString(from[target]));
    }
    return new Samples(
        file.toString(),
        Features.Columns.ofNumbers(values, features.length),
        targets,
        false,
        "",
        target);
  }

  private static int[] indices(final Path file, final int limit, final String what) {
    final List<double[]> lines = lines(file);
    final int[] indices = new int[lines.size()];
    for (int i = 0; i < indices.length; i++) {
      final double index = lines.get(i)[0];
      if (lines.get(i).length != 1 || index != Math.rint(index) || index < 0 || index >= limit) {
        throw GradusException.outOfRange(
            "line " + (i + 1) + " of " + file,
            "0 to " + (limit - 1) + ", one of the " + what + " of " + DATA,
            lines.get(i).length == 1 ? index : lines.get(i).length + " numbers");
      }
      indices[i] = (int) index;
    }
    return indices;
  }

  /** All lines that are not blank, each of as many numbers as the first. */
  private static List<double[]> lines(final Path file) {
    return DataFile.read(
        file,
        in -> {
          final BufferedReader reader =
              new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8.newDecoder()));
          final List<double[]> lines = new ArrayList<>();
          int number = 0;
          for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            number++;
            if (!line.isBlank()) {
              lines.add(numbers(line.strip(), "line " + number + " of " + file, lines));
            }
          }
          if (lines.isEmpty()) {
            throw GradusException.mismatch("lines of " + file, "1 or more", 0);
          }
          return lines;
        });
  }

  private static double[] numbers(
      final String line, final String place, final List<double[]> before) {
    final String[] fields = line.split("\\s+", -1);
    if (!before.isEmpty() && before.get(0).length != fields.length) {
      throw GradusException.mismatch("numbers in " + place, before.get(0).length, fields.length);
    }
    final double[] numbers = new double[fields.length];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = CsvNumbers.parse(fields[i]);
      if (!Double.isFinite(numbers[i])) {
        throw GradusException.mismatch(
            "number " + (i + 1) + " in " + place, "a finite number", '"' + fields[i] + '"');
      }
    }
    return numbers;
  }
}
