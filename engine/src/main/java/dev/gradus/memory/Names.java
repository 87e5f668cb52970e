package dev.gradus.memory;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Errors for names that are not known, with the nearest one that is. */
public final class Names {
  /** More names than these are not listed; the nearest of them are. */
  private static final int MOST_LISTED = 60;

  private static final int NEAREST_LISTED = 3;

  private Names() {}

  /**
   * An exception reading {@code unknown <what> "<name>": expected=one of [...], nearest=<nearest>};
   * with more than 60 names their number stands for the list, and the nearest three are told.
   *
   * @param valid the known names, at least one.
   */
  public static GradusException unknown(
      final String what, final String name, final Collection<String> valid) {
    final List<String> nearest = byDistance(name, valid);
    final boolean many = valid.size() > MOST_LISTED;
    return new GradusException(
        "unknown "
            + what
            + " \""
            + name
            + "\": expected=one of "
            + (many ? valid.size() : valid)
            + ", nearest="
            + (many ? nearest.subList(0, NEAREST_LISTED) : nearest.get(0)));
  }

  /** The valid name with the smallest edit distance, upper and lower case alike. */
  public static String nearest(final String name, final Collection<String> valid) {
    return byDistance(name, valid).get(0);
  }

  /** The nearest first, those at equal distance as they came. */
  private static List<String> byDistance(final String name, final Collection<String> valid) {
    final String wanted = name.toLowerCase(Locale.ROOT);
    final List<String> sorted = new ArrayList<>(valid);
    sorted.sort(
        Comparator.comparingInt(candidate -> distance(wanted, candidate.toLowerCase(Locale.ROOT))));
    return sorted;
  }

  /** Levenshtein's distance, one row of the table at a time. */
  private static int distance(final String a, final String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      final int[] next = new int[b.length() + 1];
      next[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        final int change = row[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        next[j] = Math.min(change, Math.min(row[j], next[j - 1]) + 1);
      }
      row = next;
    }
    return row[b.length()];
  }
}
