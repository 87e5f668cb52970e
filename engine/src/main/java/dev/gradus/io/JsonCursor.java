package dev.gradus.io;

import dev.gradus.memory.GradusException;
import java.util.ArrayList;
import java.util.List;

/**
 * A strict pull reader for the JSON a safetensors header consists of: objects, strings, lists of
 * whole numbers.
 */
final class JsonCursor {
  private final String json;
  private int position;

  JsonCursor(final String json) {
    this.json = json;
  }

  /** Opens an object; the first key, or null where it is empty. */
  String firstKey() {
    expect('{');
    if (accept('}')) {
      return null;
    }
    return key();
  }

  /** The next key of the object, or null where it ends here. */
  String nextKey() {
    if (accept('}')) {
      return null;
    }
    expect(',');
    return key();
  }

  private String key() {
    final String key = string();
    expect(':');
    return key;
  }

  String string() {
    expect('"');
    final StringBuilder text = new StringBuilder();
    for (char c = next(); c != '"'; c = next()) {
      if (c < ' ') {
        throw fail("a string without control characters");
      }
      text.append(c == '\\' ? escaped() : c);
    }
    return text.toString();
  }

  private char escaped() {
    final char c = next();
    return switch (c) {
      case '"', '\\', '/' -> c;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> {
        int code = 0;
        for (int i = 0; i < 4; i++) {
          final char hex = next();
          final int digit = hex < 0x80 ? Character.digit(hex, 16) : -1;
          if (digit < 0) {
            throw fail("four hexadecimal digits");
          }
          code = code * 16 + digit;
        }
        yield (char) code;
      }
      default -> throw fail("an escape");
    };
  }

  /** A list of whole numbers of 0 or more. */
  List<Long> numbers() {
    final List<Long> numbers = new ArrayList<>();
    expect('[');
    if (accept(']')) {
      return numbers;
    }
    do {
      numbers.add(number());
    } while (accept(','));
    expect(']');
    return numbers;
  }

  private long number() {
    skipSpace();
    final int start = position;
    while (position < json.length()
        && json.charAt(position) >= '0'
        && json.charAt(position) <= '9') {
      position++;
    }
    final String digits = json.substring(start, position);
    if (digits.isEmpty()
        || digits.length() > 18
        || (digits.length() > 1 && digits.charAt(0) == '0')) {
      position = start;
      throw fail("a whole number below 10^18");
    }
    return Long.parseLong(digits);
  }

  void requireEnd() {
    skipSpace();
    if (position != json.length()) {
      throw fail("the end");
    }
  }

  private void expect(final char c) {
    if (!accept(c)) {
      throw fail("'" + c + "'");
    }
  }

  private boolean accept(final char c) {
    skipSpace();
    if (position < json.length() && json.charAt(position) == c) {
      position++;
      return true;
    }
    return false;
  }

  private char next() {
    if (position >= json.length()) {
      throw fail("more text");
    }
    return json.charAt(position++);
  }

  private void skipSpace() {
    while (position < json.length() && " \t\r\n".indexOf(json.charAt(position)) >= 0) {
      position++;
    }
  }

  private GradusException fail(final String expected) {
    final String actual =
        position >= json.length()
            ? "its end"
            : "\"" + json.substring(position, Math.min(json.length(), position + 20)) + "\"";
    return GradusException.mismatch(
        "safetensors header at character " + position, expected, actual);
  }
}
