package dev.gradus.bench.run;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The figures of one contender, from the samples of its forks.
 *
 * @param micros the median over the forks, which lie between {@code low} and {@code high}; NaN
 *     where none measured anything.
 * @param percentiles microseconds by percent, the median over the forks.
 * @param samples those that measured something, in the order they ran.
 * @param failure null, or why a fork measured nothing.
 */
public record Figures(
    double micros,
    double low,
    double high,
    Map<Double, Double> percentiles,
    List<Sample> samples,
    String failure) {
  private static final String HEAP_BYTES = "gc.alloc.rate.norm";

  public Figures {
    samples = List.copyOf(samples);
  }

  static Figures of(final List<Sample> all) {
    final List<Sample> good = new ArrayList<>();
    String failure = null;
    for (final Sample sample : all) {
      if (sample.failure() == null) {
        good.add(sample);
      } else {
        failure = sample.failure();
      }
    }
    if (good.isEmpty()) {
      return new Figures(Double.NaN, Double.NaN, Double.NaN, Map.of(), good, failure);
    }
    final double[] micros = good.stream().mapToDouble(Sample::micros).sorted().toArray();
    final Map<Double, Double> percentiles = new TreeMap<>();
    for (final double percent : good.get(0).percentiles().keySet()) {
      final double[] values =
          good.stream().mapToDouble(s -> s.percentiles().get(percent)).sorted().toArray();
      percentiles.put(percent, median(values));
    }
    return new Figures(
        median(micros), micros[0], micros[micros.length - 1], percentiles, good, failure);
  }

  /** Of heap allocated by one operation, the least of the forks: warming up adds to the others. */
  public double heapBytes() {
    return samples.stream().mapToDouble(s -> s.secondary(HEAP_BYTES)).min().orElse(Double.NaN);
  }

  /** A part of the {@link dev.gradus.bench.work.Work} told; NaN where it was not. */
  public double work(final String name) {
    return samples.isEmpty() ? Double.NaN : samples.get(0).secondary(name);
  }

  /** Of sorted numbers, at least one. */
  static double median(final double[] sorted) {
    final int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  /** The median of numbers in any order, at least one. */
  public static double medianOf(final double... values) {
    final double[] sorted = values.clone();
    Arrays.sort(sorted);
    return median(sorted);
  }
}
