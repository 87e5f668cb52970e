package dev.gradus.memory;

/**
 * A block that must exist from one step to another.
 *
 * @param bytes its size, 0 or more.
 * @param first the first step that uses it.
 * @param last the last step that uses it, inclusive.
 */
public record Lifetime(long bytes, int first, int last) {
  public Lifetime {
    if (bytes < 0 || last < first) {
      throw GradusException.outOfRange(
          "lifetime",
          "bytes of 0 or more, last >= first",
          bytes + " bytes in " + first + ".." + last);
    }
  }

  boolean overlaps(final Lifetime other) {
    return first <= other.last && other.first <= last;
  }
}
