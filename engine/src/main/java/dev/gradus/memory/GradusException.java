package dev.gradus.memory;

/**
 * The one exception Gradus throws for bad input or misuse. Its message says what was expected and
 * what came; it is thrown before anything has been changed.
 */
public final class GradusException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public GradusException(final String message) {
    super(message);
  }

  public GradusException(final String message, final Throwable cause) {
    super(message, cause);
  }

  /**
   * A value that differs from the one that was needed.
   *
   * @param what the thing compared, for example {@code "shape of input"}.
   * @return an exception reading {@code <what> mismatch: expected=<expected>, actual=<actual>}.
   */
  public static GradusException mismatch(
      final String what, final Object expected, final Object actual) {
    return new GradusException(what + " mismatch: expected=" + expected + ", actual=" + actual);
  }

  /**
   * A setting outside its range.
   *
   * @param what the setting, for example {@code "learning rate"}.
   * @param expected the range in words, for example {@code "a number above 0"}.
   * @return an exception reading {@code <what> out of range: expected=<expected>, actual=<actual>}.
   */
  public static GradusException outOfRange(
      final String what, final Object expected, final Object actual) {
    return new GradusException(what + " out of range: expected=" + expected + ", actual=" + actual);
  }

  /** Use of something after its {@code close()}. */
  public static GradusException closed(final String what) {
    return new GradusException(what + " is closed: expected=open, actual=closed");
  }
}
