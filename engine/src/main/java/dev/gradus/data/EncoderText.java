package dev.gradus.data;

import dev.gradus.memory.GradusException;
import dev.gradus.memory.Names;
import java.util.ArrayList;
import java.util.List;

/**
 * The text form of a {@link TableEncoder}: a part for each column, {@code number(shift,scale)},
 * {@code codes("a","b")} or {@code one_hot("a","b")}, with blanks between. In a category's quotes a
 * backslash stands before a quote and before a backslash.
 */
final class EncoderText {
  private static final String NUMBER = "number";
  private static final String CODES = "codes";
  private static final String ONE_HOT = "one_hot";

  private final String text;
  private int at;

  private EncoderText(final String text) {
    this.text = text;
  }

  static String describe(final Categories categories) {
    final StringBuilder part = new StringBuilder(categories.isOneHot() ? ONE_HOT : CODES);
    part.append('(');
    for (final String name : categories.names()) {
      part.append(part.charAt(part.length() - 1) == '(' ? "\"" : ",\"");
      part.append(name.replace("\\", "\\\\").replace("\"", "\\\"")).append('"');
    }
    return part.append(')').toString();
  }

  static String describe(final double shift, final double scale) {
    return NUMBER + "(" + shift + "," + scale + ")";
  }

  /**
   * Reads a text.
   *
   * @throws GradusException where it describes no encoder.
   */
  static TableEncoder parse(final String text) {
    return new EncoderText(text).encoder();
  }

  private TableEncoder encoder() {
    final List<Categories> columns = new ArrayList<>();
    final List<Double> shifts = new ArrayList<>();
    final List<Double> scales = new ArrayList<>();
    skipBlanks();
    while (at < text.length()) {
      final int open = text.indexOf('(', at);
      final String name = open < 0 ? text.substring(at) : text.substring(at, open);
      at = open + 1;
      if (open >= 0 && name.equals(NUMBER)) {
        columns.add(null);
        shifts.add(number(','));
        scales.add(number(')'));
      } else if (open >= 0 && (name.equals(CODES) || name.equals(ONE_HOT))) {
        columns.add(new Categories(quoted(), name.equals(ONE_HOT)));
      } else {
        throw Names.unknown("column of an encoder", name, List.of(NUMBER, CODES, ONE_HOT));
      }
      skipBlanks();
    }
    return new TableEncoder(columns, Scaling.of(shifts, scales));
  }

  private void skipBlanks() {
    while (at < text.length() && text.charAt(at) == ' ') {
      at++;
    }
  }

  private double number(final char end) {
    final int close = text.indexOf(end, at);
    final String number = close < 0 ? text.substring(at) : text.substring(at, close);
    at = close + 1;
    try {
      if (close >= 0) {
        return Double.parseDouble(number);
      }
    } catch (final NumberFormatException e) {
      throw new GradusException(malformed(number), e);
    }
    throw new GradusException(malformed(number));
  }

  private List<String> quoted() {
    final List<String> names = new ArrayList<>();
    if (at < text.length() && text.charAt(at) == ')') {
      at++;
      return names;
    }
    char next = ',';
    while (next == ',') {
      require('"');
      final StringBuilder name = new StringBuilder();
      for (char c = take(); c != '"'; c = take()) {
        name.append(c == '\\' ? take() : c);
      }
      names.add(name.toString());
      next = take();
    }
    at--;
    require(')');
    return names;
  }

  private void require(final char expected) {
    final int from = at;
    if (take() != expected) {
      throw new GradusException(malformed(text.substring(from)));
    }
  }

  private char take() {
    if (at >= text.length()) {
      throw new GradusException(malformed("its end"));
    }
    return text.charAt(at++);
  }

  private static String malformed(final String actual) {
    final String shown = actual.length() <= 40 ? actual : actual.substring(0, 40) + "...";
    return "text of an encoder mismatch: expected=number(shift,scale), codes(\"a\",...) or"
        + " one_hot(\"a\",...) for each column, actual="
        + shown;
  }
}
