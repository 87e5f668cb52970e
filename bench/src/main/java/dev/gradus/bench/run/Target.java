package dev.gradus.bench.run;

/**
 * What a row is to reach.
 *
 * @param kind of figure.
 * @param value that it is to be at least, or at most where less is better.
 */
public record Target(Kind kind, double value) {
  /** Which figure of a row counts. */
  public enum Kind {
    /** The fastest peer's time over ours. */
    PEER(false),
    /** DJL's time over ours: what a user of the JVM would have otherwise. */
    DJL(false),
    /** The limit's time over ours. */
    LIMIT(false),
    /** The time that 99 % of our operations stay below, over the median. */
    TAIL(true),
    /** Our time, in microseconds. */
    TIME(true);

    private final boolean atMost;

    Kind(final boolean atMost) {
      this.atMost = atMost;
    }
  }

  static Target peer(final double value) {
    return new Target(Kind.PEER, value);
  }

  static Target djl(final double value) {
    return new Target(Kind.DJL, value);
  }

  static Target limit(final double value) {
    return new Target(Kind.LIMIT, value);
  }

  static Target tail(final double value) {
    return new Target(Kind.TAIL, value);
  }

  static Target time(final double micros) {
    return new Target(Kind.TIME, micros);
  }

  /**
   * {@code met} or {@code short}; {@code none} where there is nothing to compare.
   *
   * @param reached the figure, NaN where it is unknown.
   */
  public String verdict(final double reached) {
    if (Double.isNaN(reached)) {
      return "none";
    }
    return (kind.atMost ? reached <= value : reached >= value) ? "met" : "short";
  }
}
