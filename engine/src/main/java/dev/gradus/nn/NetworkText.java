package dev.gradus.nn;

import dev.gradus.memory.GradusException;
import java.util.ArrayList;
import java.util.List;

/**
 * The grammar of networks as text: parts {@code name(argument,...)} one behind the other. An
 * argument may hold parts itself, as {@code residual(dense(64,relu) dense(64))} does.
 */
final class NetworkText {
  private NetworkText() {}

  /** A name and what stood between its parentheses. */
  record Part(String name, List<String> arguments) {
    Part {
      arguments = List.copyOf(arguments);
    }
  }

  /**
   * Cuts a text into its parts.
   *
   * @throws GradusException where it is not made of parts.
   */
  static List<Part> parts(final String text) {
    final List<Part> parts = new ArrayList<>();
    int at = skipBlanks(text, 0);
    while (at < text.length()) {
      final int open = text.indexOf('(', at);
      final String name = open < 0 ? "" : text.substring(at, open);
      final int close = open < 0 ? -1 : closing(text, open);
      if (close < 0 || !name.matches("[a-z_0-9]+")) {
        throw malformed(text);
      }
      final String inner = text.substring(open + 1, close).strip();
      parts.add(new Part(name, inner.isEmpty() ? List.of() : split(inner, ',')));
      at = skipBlanks(text, close + 1);
    }
    return parts;
  }

  private static int skipBlanks(final String text, final int from) {
    int at = from;
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
    return at;
  }

  /** The position of the parenthesis that closes the one at {@code open}, or -1. */
  private static int closing(final String text, final int open) {
    int depth = 0;
    for (int i = open; i < text.length(); i++) {
      depth += text.charAt(i) == '(' ? 1 : text.charAt(i) == ')' ? -1 : 0;
      if (depth == 0) {
        return i;
      }
    }
    return -1;
  }

  /** Cuts a text at each separator that stands outside of parentheses. */
  static List<String> split(final String text, final char separator) {
    final List<String> pieces = new ArrayList<>();
    int depth = 0;
    int start = 0;
    for (int i = 0; i < text.length(); i++) {
      final char c = text.charAt(i);
      depth += c == '(' ? 1 : c == ')' ? -1 : 0;
      if (c == separator && depth == 0) {
        pieces.add(text.substring(start, i).strip());
        start = i + 1;
      }
    }
    pieces.add(text.substring(start).strip());
    return pieces;
  }

  /**
   * The layers a text describes, none of a blank one.
   *
   * @throws GradusException where it describes none.
   */
  static List<Layer> layers(final String text) {
    final List<Layer> layers = new ArrayList<>();
    for (final Part part : parts(text)) {
      layers.add(Layers.parse(part.name(), part.arguments()));
    }
    return layers;
  }

  /** Layers as the text that {@link #layers} reads. */
  static String describe(final List<Layer> layers) {
    return String.join(" ", layers.stream().map(Layer::describe).toList());
  }

  static GradusException malformed(final String text) {
    return GradusException.mismatch(
        "network text", "input(n) dense(units,activation) ...", '"' + text + '"');
  }
}
