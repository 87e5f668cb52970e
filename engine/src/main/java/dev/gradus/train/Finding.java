package dev.gradus.train;

/**
 * What one check of {@link Diagnose} found.
 *
 * @param check its name: {@code start loss}, {@code input}, ...
 * @param words what was measured, what was expected, and where that points.
 */
public record Finding(String check, Verdict verdict, String words) {
  /** What a check thinks of what it found. */
  public enum Verdict {
    /** As it should be. */
    OK,
    /** Unusual: training may work all the same, worse than it could. */
    SUSPICIOUS,
    /** Training can't work so. */
    FAILED
  }

  /** {@code FAILED input ...}. */
  @Override
  public String toString() {
    return String.format("%-10s  %-10s  %s", verdict, check, words);
  }
}
