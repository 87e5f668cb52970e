package dev.gradus.tools.data;

import dev.gradus.memory.GradusException;
import dev.gradus.memory.Names;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How a table is to be read.
 *
 * @param target name or number (from 1) of the column with the targets; empty for the last.
 * @param header whether the first line names the columns.
 * @param separator between fields; 0 to find out.
 * @param categorical which features are categories: {@link #AUTO} for columns of texts, {@link
 *     #NONE}, or names or numbers (from 1) with commas between.
 */
public record CsvOptions(String target, Header header, char separator, String categorical) {
  /** Columns of categories are to be found out. */
  public static final String AUTO = "auto";

  /** There are no columns of categories. */
  public static final String NONE = "none";

  private static final char DETECT = 0;
  private static final Map<String, Character> SEPARATORS =
      Map.of("auto", DETECT, "comma", ',', "semicolon", ';', "tab", '\t');

  /** What is known about the first line. */
  public enum Header {
    /** To be found out. */
    AUTO,
    YES,
    NO;

    /**
     * By name.
     *
     * @throws GradusException where there is no such name.
     */
    public static Header byName(final String name) {
      return switch (name) {
        case "auto" -> AUTO;
        case "yes" -> YES;
        case "no" -> NO;
        default -> throw Names.unknown("header setting", name, List.of("auto", "yes", "no"));
      };
    }
  }

  /** The last column is the target, the rest is found out. */
  public static CsvOptions defaults() {
    return new CsvOptions("", Header.AUTO, DETECT, AUTO);
  }

  /**
   * The separator a name or the character itself stands for.
   *
   * @throws GradusException where it is neither.
   */
  public static char separatorByName(final String name) {
    for (final Map.Entry<String, Character> entry : SEPARATORS.entrySet()) {
      final String character = entry.getValue().toString();
      if (name.toLowerCase(Locale.ROOT).equals(entry.getKey()) || name.equals(character)) {
        return entry.getValue();
      }
    }
    throw Names.unknown("separator", name, SEPARATORS.keySet().stream().sorted().toList());
  }

  boolean detectsSeparator() {
    return separator == DETECT;
  }
}
