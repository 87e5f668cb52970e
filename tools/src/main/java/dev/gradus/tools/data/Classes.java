package dev.gradus.tools.data;

import dev.gradus.memory.GradusException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * The classes a model tells apart, by their index.
 *
 * @param names 2 or more; each once.
 */
public record Classes(List<String> names) {
  /** Beyond this, a column of whole numbers is taken for a quantity. */
  private static final int MAX_NAMED = 1000;

  private static final int MAX_SHOWN = 12;

  public Classes {
    names = List.copyOf(names);
    if (names.size() < 2) {
      throw GradusException.mismatch("classes", "2 or more", names);
    }
  }

  public int size() {
    return names.size();
  }

  /**
   * Finds the classes of a training set.
   *
   * @param outputs of the network if they are given, 0 if the data decide.
   * @throws GradusException where the labels are none, or don't fit the outputs.
   */
  public static Classes of(final Samples samples, final int outputs) {
    samples.requireTargets();
    return samples.numbered() ? numbered(samples, outputs) : named(samples, outputs);
  }

  /**
   * Numbers from 0: as many as the network has outputs, else as the data have. Then there must be
   * no gap but at 0: a number far off the others is more likely damage than a class.
   */
  private static Classes numbered(final Samples samples, final int outputs) {
    final int[] counts = new int[256];
    int largest = 0;
    for (final String target : samples.targets()) {
      final int label = Integer.parseInt(target);
      counts[label]++;
      largest = Math.max(largest, label);
    }
    int limit = outputs;
    if (outputs == 0) {
      limit = 1;
      while (limit < counts.length && counts[limit] > 0) {
        limit++;
      }
    }
    if (largest >= limit) {
      final String expected =
          outputs == 0
              ? "0 to "
                  + (limit - 1)
                  + ", as nothing has label "
                  + limit
                  + " (--model in-...-out"
                  + " allows gaps)"
              : "0 to " + (limit - 1) + ", the network's outputs";
      throw GradusException.outOfRange(
          place(samples, Integer.toString(largest)), expected, largest);
    }
    return numbered(limit);
  }

  /** Classes named 0, 1, ... */
  public static Classes numbered(final int count) {
    final List<String> names = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      names.add(Integer.toString(i));
    }
    return new Classes(names);
  }

  private static String place(final Samples samples, final String target) {
    return "label of row " + (samples.targets().indexOf(target) + 1) + " of " + samples.source();
  }

  /** Texts in the order of the alphabet, whole numbers by size. */
  private static Classes named(final Samples samples, final int outputs) {
    final TreeSet<String> texts = new TreeSet<>(samples.targets());
    boolean allNumbers = true;
    for (final String text : texts) {
      allNumbers &= Double.isFinite(CsvNumbers.parse(text));
    }
    if (!allNumbers) {
      return fitting(new ArrayList<>(texts), outputs, samples);
    }
    final TreeSet<Long> numbers = new TreeSet<>();
    for (final String text : texts) {
      final double number = CsvNumbers.parse(text);
      if (!CsvNumbers.isWhole(number)) {
        throw GradusException.mismatch(
            place(samples, text),
            "a class: text or a whole number (--loss mse fits numbers)",
            text);
      }
      numbers.add((long) number);
    }
    if (outputs > numbers.size() && numbers.first() >= 0 && numbers.last() < outputs) {
      return numbered(outputs);
    }
    return fitting(numbers.stream().map(String::valueOf).toList(), outputs, samples);
  }

  private static Classes fitting(
      final List<String> names, final int outputs, final Samples samples) {
    if (names.size() < 2) {
      throw GradusException.mismatch("classes of " + samples.source(), "2 or more", names);
    }
    if (outputs == 0 && names.size() > MAX_NAMED) {
      throw GradusException.outOfRange(
          "classes of " + samples.source(),
          "2 to " + MAX_NAMED + " (--loss mse fits numbers)",
          names.size());
    }
    if (outputs != 0 && outputs != names.size()) {
      throw GradusException.mismatch(
          "outputs of the network",
          names.size() + ", the classes of " + samples.source() + " " + shown(names),
          outputs);
    }
    return new Classes(names);
  }

  private static String shown(final List<String> names) {
    return names.size() <= MAX_SHOWN
        ? names.toString()
        : names.subList(0, MAX_SHOWN) + " and " + (names.size() - MAX_SHOWN) + " more";
  }

  /**
   * The class indices of labels.
   *
   * @throws GradusException for the first label that is none of these classes.
   */
  public int[] indices(final Samples samples) {
    samples.requireTargets();
    final Map<String, Integer> index = new HashMap<>();
    for (int i = 0; i < names.size(); i++) {
      index.put(names.get(i), i);
    }
    final int[] indices = new int[samples.rows()];
    for (int row = 0; row < indices.length; row++) {
      final String text = samples.targets().get(row);
      Integer found = index.get(text);
      final double number = CsvNumbers.parse(text);
      if (found == null && CsvNumbers.isWhole(number)) {
        found = index.get(Long.toString((long) number)); // 1.0 for 1
      }
      if (found == null && text.endsWith(".")) {
        found = index.get(text.substring(0, text.length() - 1)); // UCI's adult.test ends so
      }
      if (found == null) {
        throw GradusException.outOfRange(
            "label of row " + (row + 1) + " of " + samples.source(),
            "one of " + shown(names),
            text);
      }
      indices[row] = found;
    }
    return indices;
  }
}
