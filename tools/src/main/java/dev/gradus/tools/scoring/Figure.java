package dev.gradus.tools.scoring;

/**
 * One number of a score.
 *
 * @param label what people read.
 * @param key its name in a report, as {@code logLoss}.
 * @param value NaN or infinite where it is undefined.
 */
public record Figure(String label, String key, double value) {
  /** The key behind the name of a part: {@code testLogLoss}; without one, the key. */
  public String key(final String part) {
    return part.isEmpty() ? key : part + Character.toUpperCase(key.charAt(0)) + key.substring(1);
  }
}
