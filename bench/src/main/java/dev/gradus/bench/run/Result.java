package dev.gradus.bench.run;

import dev.gradus.bench.work.WorkProfiler;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A row and what was measured of it.
 *
 * @param ours Gradus' figures.
 * @param peers by title.
 * @param limit microseconds, see {@link Limits#micros}; NaN where none is known.
 */
public record Result(Row row, Figures ours, Map<String, Figures> peers, double limit) {
  public Result {
    peers = new LinkedHashMap<>(peers);
  }

  static Result of(
      final Row row, final Figures ours, final Map<String, Figures> peers, final Limits limits) {
    final double limit =
        limits.micros(
            ours.work(WorkProfiler.FLOPS),
            row.suite().equals("kernel") || row.suite().equals("data")
                ? ours.work(WorkProfiler.BYTES)
                : Double.NaN,
            ours.work(WorkProfiler.FOOTPRINT));
    return new Result(row, ours, peers, limit);
  }

  /** The fastest peer's time over ours; NaN where one is missing. */
  public double ratio() {
    double best = Double.NaN;
    for (final Figures peer : peers.values()) {
      if (!Double.isNaN(peer.micros()) && !(best <= peer.micros())) {
        best = peer.micros();
      }
    }
    return best / ours.micros();
  }

  /** The limit's time over ours. */
  public double share() {
    return limit / ours.micros();
  }

  /** From the least to the greatest of the forks, as a part of the median. */
  public double spread() {
    return (ours.high() - ours.low()) / ours.micros();
  }

  /** The 99th percentile over the median; NaN of benchmarks whose operations are not sampled. */
  public double tail() {
    return ours.percentiles().getOrDefault(99.0, Double.NaN) / ours.micros();
  }

  /** The figure that the row's target is about. */
  public double reached() {
    return switch (row.target().kind()) {
      case NONE -> Double.NaN;
      case PEER -> ratio();
      case LIMIT -> share();
      case TAIL -> tail();
      case TIME -> ours.micros();
    };
  }

  public String verdict() {
    return row.target().verdict(reached());
  }
}
