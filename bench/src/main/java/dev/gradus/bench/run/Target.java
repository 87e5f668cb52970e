package dev.gradus.bench.run;

/**
 * What a row is to reach.
 *
 * @param kind of what the figure is a multiple.
 * @param value at least that much.
 */
public record Target(Kind kind, double value) {
  /** None set. */
  public static final Target NONE = new Target(Kind.NONE, Double.NaN);

  /** What a target is a multiple of. */
  public enum Kind {
    NONE,
    /** The fastest peer's time over ours. */
    PEER,
    /** The limit's time over ours. */
    LIMIT
  }

  static Target peer(final double value) {
    return new Target(Kind.PEER, value);
  }

  static Target limit(final double value) {
    return new Target(Kind.LIMIT, value);
  }

  /** {@code met} or {@code short}; {@code none} where there is no target or nothing to compare. */
  public String verdict(final double overPeer, final double overLimit) {
    final double reached =
        switch (kind) {
          case NONE -> Double.NaN;
          case PEER -> overPeer;
          case LIMIT -> overLimit;
        };
    if (Double.isNaN(reached)) {
      return "none";
    }
    return reached >= value ? "met" : "short";
  }
}
