package dev.gradus.bench.run;

import dev.gradus.bench.work.Work;
import dev.gradus.bench.work.WorkProfiler;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
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

  /** With the limits of the row's number of threads; null where they were not measured. */
  static Result of(
      final Row row, final Figures ours, final Map<String, Figures> peers, final Limits limits) {
    if (limits == null) {
      return new Result(row, ours, peers, Double.NaN);
    }
    final double limit =
        limits.micros(
            orNone(ours.work(WorkProfiler.FLOPS)),
            List.of("kernel", "data").contains(row.suite()) ? bytes(ours) : Work.Bytes.NONE,
            orNone(ours.work(WorkProfiler.FOOTPRINT)));
    return new Result(row, ours, peers, limit);
  }

  private static Work.Bytes bytes(final Figures ours) {
    return new Work.Bytes(
        orNone(ours.work(WorkProfiler.READ)),
        orNone(ours.work(WorkProfiler.WRITTEN)),
        orNone(ours.work(WorkProfiler.UPDATED)));
  }

  private static double orNone(final double told) {
    return Double.isNaN(told) ? 0 : told;
  }

  /** The fastest peer's time over ours, of turns next to each other; NaN where one is missing. */
  public double ratio() {
    final String best = best();
    return best == null ? Double.NaN : ratio(best);
  }

  /** The title of the peer that {@link #ratio} is about; null where there is none. */
  public String best() {
    String best = null;
    for (final String peer : peers.keySet()) {
      if (!Double.isNaN(ratio(peer)) && (best == null || ratio(peer) < ratio(best))) {
        best = peer;
      }
    }
    return best;
  }

  /** The fastest peer's time over ours, of operations that nothing disturbed. */
  public double quietRatio() {
    return peers.values().stream()
        .mapToDouble(peer -> peer.quietOver(ours))
        .filter(ratio -> !Double.isNaN(ratio))
        .min()
        .orElse(Double.NaN);
  }

  /** A peer's time over ours; NaN where it is missing. */
  private double ratio(final String peer) {
    return peers.containsKey(peer) ? peers.get(peer).over(ours) : Double.NaN;
  }

  /** The limit's time over ours, which nothing disturbed either. */
  public double share() {
    return limit / ours.quiet();
  }

  /** From the least to the greatest of the forks, as a part of the median. */
  public double spread() {
    return (ours.high() - ours.low()) / ours.micros();
  }

  /** The 99th percentile over the median; NaN of benchmarks whose operations are not sampled. */
  public double tail() {
    return ours.percentiles().getOrDefault(99.0, Double.NaN) / ours.micros();
  }

  /** The figure that a target of the row is about. */
  public double reached(final Target target) {
    return switch (target.kind()) {
      case PEER -> ratio();
      case DJL -> ratio("djl");
      case LIMIT -> share();
      case TAIL -> tail();
      case TIME -> ours.micros();
    };
  }

  /**
   * {@code short} where a target of the row is missed, else {@code met} where one is reached, else
   * {@code none}.
   */
  public String verdict() {
    final List<String> verdicts = new ArrayList<>();
    for (final Target target : row.targets()) {
      verdicts.add(target.verdict(reached(target)));
    }
    return verdicts.contains("short") ? "short" : verdicts.contains("met") ? "met" : "none";
  }
}
