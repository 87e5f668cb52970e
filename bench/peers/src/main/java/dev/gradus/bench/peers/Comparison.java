package dev.gradus.bench.peers;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What was measured: per case and contender the samples of its forks, one a round. */
final class Comparison {
  private final Map<Case, Map<Contender, List<Fork.Sample>>> samples = new LinkedHashMap<>();

  /**
   * The figures of one contender in one case.
   *
   * @param p50 microseconds, the median over the forks, which lie between {@code low} and {@code
   *     high}.
   * @param p99 microseconds, the median over the forks.
   * @param bytes of heap by one operation, the least of the forks: what remains of warming up adds
   *     to the others.
   * @param forks those that gave figures.
   * @param failure null, or why a fork gave none.
   */
  record Figures(
      double p50, double low, double high, double p99, double bytes, int forks, String failure) {}

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
      return new Figures(Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN, 0, failure);
    }
    final double[] p50 = good.stream().mapToDouble(Fork.Sample::p50).sorted().toArray();
    final double[] p99 = good.stream().mapToDouble(Fork.Sample::p99).sorted().toArray();
    final double[] bytes = good.stream().mapToDouble(Fork.Sample::bytes).sorted().toArray();
    return new Figures(
        median(p50), p50[0], p50[p50.length - 1], median(p99), bytes[0], p50.length, failure);
  }

  /** The contender with the least p50, of ours or of the others; null where none has figures. */
  Contender fastest(final Case row, final boolean ours) {
    Contender fastest = null;
    double least = Double.POSITIVE_INFINITY;
    for (final Contender contender : row.contenders()) {
      final Figures figures = contender.ours() == ours ? figures(row, contender) : null;
      if (figures != null && figures.forks() > 0 && figures.p50() < least) {
        least = figures.p50();
        fastest = contender;
      }
    }
    return fastest;
  }

  static double median(final double[] sorted) {
    if (sorted.length == 0) {
      throw new IllegalArgumentException("median: expected=a number or more, actual=none");
    }
    final double[] copy = sorted.clone();
    Arrays.sort(copy);
    final int middle = copy.length / 2;
    return copy.length % 2 == 1 ? copy[middle] : (copy[middle - 1] + copy[middle]) / 2;
  }
}
