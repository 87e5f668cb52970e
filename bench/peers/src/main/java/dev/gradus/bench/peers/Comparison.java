package dev.gradus.bench.peers;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** What was measured: per case and contender the samples of its forks, one a round. */
final class Comparison {
  private final Map<Case, Map<Contender, List<Fork.Sample>>> samples = new LinkedHashMap<>();

  /**
   * The figures of one contender in one case.
   *
   * @param p50 microseconds, the median over the forks, which lie between {@code low} and {@code
   *     high}.
   * @param p99 microseconds, the median over the forks.
   * @param cpu microseconds of processor time, the median over the forks.
   * @param bytes of heap by one operation, the least of the forks: what remains of warming up adds
   *     to the others.
   * @param forks those that gave figures.
   * @param failure null, or why a fork gave none.
   */
  record Figures(
      double p50,
      double low,
      double high,
      double p99,
      double cpu,
      double bytes,
      int forks,
      String failure) {}

  void add(final Case row, final Contender contender, final Fork.Sample sample) {
    samples
        .computeIfAbsent(row, r -> new LinkedHashMap<>())
        .computeIfAbsent(contender, c -> new ArrayList<>())
        .add(sample);
  }

  /** Cases in the order they were first measured. */
  List<Case> cases() {
    return List.copyOf(samples.keySet());
  }

  /** All contenders of any case, ours first. */
  List<Contender> contenders() {
    final List<Contender> all = new ArrayList<>();
    for (final Case row : samples.keySet()) {
      for (final Contender contender : row.contenders()) {
        if (!all.contains(contender)) {
          all.add(contender);
        }
      }
    }
    return all;
  }

  /** The figures of a contender, or null where it did not take part. */
  Figures figures(final Case row, final Contender contender) {
    final List<Fork.Sample> all = samples.get(row).get(contender);
    if (all == null) {
      return null;
    }
    final List<Fork.Sample> good = new ArrayList<>();
    String failure = null;
    for (final Fork.Sample sample : all) {
      if (sample.failure() == null) {
        good.add(sample);
      } else {
        failure = sample.failure();
      }
    }
    if (good.isEmpty()) {
      final double none = Double.NaN;
      return new Figures(none, none, none, none, none, none, 0, failure);
    }
    final double[] p50 = good.stream().mapToDouble(Fork.Sample::p50).sorted().toArray();
    final double[] p99 = good.stream().mapToDouble(Fork.Sample::p99).sorted().toArray();
    final double[] cpu = good.stream().mapToDouble(Fork.Sample::cpu).sorted().toArray();
    final double[] bytes = good.stream().mapToDouble(Fork.Sample::bytes).sorted().toArray();
    return new Figures(
        median(p50),
        p50[0],
        p50[p50.length - 1],
        median(p99),
        median(cpu),
        bytes[0],
        p50.length,
        failure);
  }

  /**
   * The figures of the fastest peer over those of the Java backend: above 1 Gradus is ahead. NaN
   * where one of the two is missing.
   */
  double ratio(final Case row, final ToDoubleFunction<Figures> time) {
    double ours = Double.NaN;
    double peer = Double.POSITIVE_INFINITY;
    for (final Contender contender : row.contenders()) {
      final Figures figures = figures(row, contender);
      if (figures == null || figures.forks() == 0) {
        continue;
      }
      if (contender.title().equals(ModelContender.GRADUS_JAVA.title())) {
        ours = time.applyAsDouble(figures);
      } else if (!contender.ours()) {
        peer = Math.min(peer, time.applyAsDouble(figures));
      }
    }
    return Double.isFinite(peer) ? peer / ours : Double.NaN;
  }

  private static double median(final double[] sorted) {
    final int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
