package dev.gradus.data;

import dev.gradus.memory.GradusException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * The categories of one column and what a network gets for them: a code, for {@code
 * dev.gradus.nn.Categorical}, or a 0 or 1 for each category (one-hot). Code 0, and all zeros, stand
 * for what is none of the categories: what comes up only after the training, and what is so rare in
 * it that nothing can be learned but what such rows have in common. A value that is missing is the
 * category of the empty text.
 */
public final class Categories {
  private final List<String> names;
  private final boolean oneHot;
  private final Map<String, Integer> codes = new HashMap<>();

  /**
   * Categories with codes from 1 up, in order.
   *
   * @param oneHot whether a network gets a number for each category instead of the code.
   * @throws GradusException where one is there twice.
   */
  public Categories(final List<String> names, final boolean oneHot) {
    this.names = List.copyOf(names);
    this.oneHot = oneHot;
    for (final String name : names) {
      if (codes.put(name, codes.size() + 1) != null) {
        throw GradusException.mismatch("categories of a column", "each once", name + " twice");
      }
    }
  }

  /**
   * The texts that occur in the given rows, in the order of the alphabet.
   *
   * @param leastRows in how many of them a text has to occur to be a category of its own; 1 or
   *     more.
   */
  public static Categories fit(
      final Table table,
      final int column,
      final int[] rows,
      final int leastRows,
      final boolean oneHot) {
    if (leastRows < 1) {
      throw GradusException.outOfRange("least rows of a category", "1 or more", leastRows);
    }
    final List<String> texts = table.texts(column);
    final int[] counts = new int[texts.size()];
    for (final int row : rows) {
      counts[(int) table.get(row, column)]++;
    }
    final TreeSet<String> frequent = new TreeSet<>();
    for (int i = 0; i < counts.length; i++) {
      if (counts[i] >= leastRows) {
        frequent.add(texts.get(i));
      }
    }
    return new Categories(new ArrayList<>(frequent), oneHot);
  }

  /** All categories, in the order of their codes. */
  public List<String> names() {
    return names;
  }

  public boolean isOneHot() {
    return oneHot;
  }

  /** The number of codes: one more than of categories. */
  public int size() {
    return names.size() + 1;
  }

  /** The numbers a network gets for a value. */
  public int width() {
    return oneHot ? names.size() : 1;
  }

  /** The code of a text, 0 where it is none of the categories; allocates nothing. */
  public int code(final String text) {
    final Integer code = codes.get(text);
    return code == null ? 0 : code;
  }

  @Override
  public boolean equals(final Object other) {
    return other instanceof Categories that && names.equals(that.names) && oneHot == that.oneHot;
  }

  @Override
  public int hashCode() {
    return 31 * names.hashCode() + Boolean.hashCode(oneHot);
  }

  @Override
  public String toString() {
    return EncoderText.describe(this);
  }
}
