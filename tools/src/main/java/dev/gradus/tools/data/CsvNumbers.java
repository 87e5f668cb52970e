package dev.gradus.tools.data;

import java.util.Locale;
import java.util.Set;

/** Numbers as tables write them. */
final class CsvNumbers {
  private static final Set<String> MISSING =
      Set.of("", "?", "na", "n/a", "nan", "null", "none", "-");
  private static final long MAX_WHOLE = 1L << 53; // beyond it doubles skip whole numbers

  private CsvNumbers() {}

  /**
   * The number, NaN where the text is not one. Java's own extras ({@code 1d}, {@code 0x1p3}) are
   * not.
   */
  static double parse(final String text) {
    final String stripped = text.strip();
    for (int i = 0; i < stripped.length(); i++) {
      if ("0123456789+-.eE".indexOf(stripped.charAt(i)) < 0) {
        return Double.NaN;
      }
    }
    try {
      return stripped.isEmpty() ? Double.NaN : Double.parseDouble(stripped);
    } catch (final NumberFormatException e) {
      return Double.NaN;
    }
  }

  /** Whether the text stands for a value that is not there. */
  static boolean isMissing(final String text) {
    return MISSING.contains(text.strip().toLowerCase(Locale.ROOT));
  }

  /** Whether the text can be the name of a column: neither a number nor a gap. */
  static boolean isName(final String text) {
    return Double.isNaN(parse(text)) && !isMissing(text);
  }

  /** Whether the text names no class; fewer texts do than stand for no number. */
  static boolean isMissingClass(final String text) {
    return text.isEmpty() || text.equals("?") || text.equalsIgnoreCase("nan");
  }

  /** Whether a number is a whole one. */
  static boolean isWhole(final double value) {
    return value == Math.rint(value) && Math.abs(value) <= MAX_WHOLE;
  }
}
