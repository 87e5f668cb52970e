package dev.gradus.bench.run;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleBiFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The figures of one contender, from the samples of its forks.
 *
 * @param micros the median over the forks, which lie between {@code low} and {@code high}; NaN
 *     where none measured anything.
 * @param percentiles microseconds by percent, the median over the forks.
 * @param samples in the order they ran, those that measured nothing, too.
 * @param failure null, or why a fork measured nothing.
 */
public record Figures(
    double micros,
    double low,
    double high,
    Map<Double, Double> percentiles,
    List<Sample> samples,
    String failure) {
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
      return new Figures(Double.NaN, Double.NaN, Double.NaN, Map.of(), all, failure);
    }
    final double[] micros = good.stream().mapToDouble(Sample::micros).sorted().toArray();
    final Map<Double, Double> percentiles = new TreeMap<>();
    for (final double percent : good.get(0).percentiles().keySet()) {
      final double[] values =
          good.stream().mapToDouble(s -> s.percentiles().get(percent)).sorted().toArray();
      percentiles.put(percent, median(values));
    }
    return new Figures(
        median(micros), micros[0], micros[micros.length - 1], percentiles, all, failure);
  }

  /**
   * What operations take that nothing disturbs, the median over the forks; NaN where there is none.
   */
  public double quiet() {
    return medianOrNone(measured().mapToDouble(Sample::quiet).toArray());
  }

  /** A part of the {@link dev.gradus.bench.work.Work} told; NaN where it was not. */
  public double work(final String name) {
    return measured().mapToDouble(s -> s.secondary(name)).findFirst().orElse(Double.NaN);
  }

  private Stream<Sample> measured() {
    return samples.stream().filter(s -> s.failure() == null);
  }

  /**
   * What this took over what another one took in the same rounds: the median over those in which
   * both measured something; NaN where there is none.
   */
  double over(final Figures other) {
    return over(other, Sample::over);
  }

  /** The same of the operations that nothing disturbed. */
  double quietOver(final Figures other) {
    return over(other, Sample::quietOver);
  }

  private double over(final Figures other, final ToDoubleBiFunction<Sample, Sample> ratio) {
    return medianOrNone(
        IntStream.range(0, Math.min(samples.size(), other.samples.size()))
            .mapToDouble(round -> ratio.applyAsDouble(samples.get(round), other.samples.get(round)))
            .filter(value -> !Double.isNaN(value))
            .toArray());
  }

  private static double medianOrNone(final double... values) {
    return values.length == 0 ? Double.NaN : medianOf(values);
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
