package dev.gradus.memory;

import java.util.Collection;
import java.util.Locale;

/** Errors for names that are not known, with the nearest one that is. */
public final class Names {
  private Names() {}

  /**
   * An exception reading {@code unknown <what> "<name>": expected=one of [...], nearest=<nearest>}.
   *
   * @param valid the known names, at least one.
   */
  public static GradusException unknown(
      final String what, final String name, final Collection<String> valid) {
    return new GradusException(
        "unknown "
            + what
            + " \""
            + name
            + "\": expected=one of "
            + valid
            + ", nearest="
            + nearest(name, valid));
  }

  /** The valid name with the smallest edit distance, upper and lower case alike. */
  public static String nearest(final String name, final Collection<String> valid) {
    String best = null;
    int least = Integer.MAX_VALUE;
    for (final String candidate : valid) {
      final int distance =
          distance(name.toLowerCase(Locale.ROOT), candidate.toLowerCase(Locale.ROOT));
      if (distance < least) {
        least = distance;
        best = candidate;
      }
    }
    return best;
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
