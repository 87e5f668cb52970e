package dev.gradus.bench.run;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What one fork measured, or why it measured nothing. All of one operation.
 *
 * @param micros the median time; of an average-time benchmark the median of its iterations.
 * @param quiet what the fastest {@link #QUIET} of all operations stay below: the time of those that
 *     nothing disturbed; of an average-time benchmark the least of its iterations.
 * @param turns microseconds of each turn, in their order.
 * @param percentiles microseconds by percent, of a sampled benchmark; else none.
 * @param secondary other results by name: {@code work.flops}, {@code work.bytes}, ...
 * @param failure null, or why there are no figures.
 */
public record Sample(
    double micros,
    double quiet,
    List<Double> turns,
    Map<Double, Double> percentiles,
    Map<String, Double> secondary,
    String failure) {
  /**
   * So few of a fork's operations are surely undisturbed. On a machine whose other guests slowed
   * down nine operations of ten, the ratio of two products' first percentiles lay within 2 % over
   * six forks, that of their tenths within 44 %, of their medians within 31 %.
   */
  static final double QUIET = 0.01;

  public Sample {
    turns = List.copyOf(turns);
    percentiles = new TreeMap<>(percentiles);
    secondary = Map.copyOf(secondary);
  }

  static Sample failed(final String reason) {
    return new Sample(Double.NaN, Double.NaN, List.of(), Map.of(), Map.of(), reason);
  }

  /** A secondary result; NaN where there is none. */
  double secondary(final String name) {
    return secondary.getOrDefault(name, Double.NaN);
  }

  /**
   * What this took over what another one took with which it shared turns: the median over the
   * turns. NaN where either measured nothing.
   */
  public double over(final Sample other) {
    if (failure != null || other.failure != null) {
      return Double.NaN;
    }
    final double[] ratios = new double[Math.min(turns.size(), other.turns.size())];
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] = turns.get(i) / other.turns.get(i);
    }
    return Figures.medianOf(ratios);
  }

  /** The same of the operations that nothing disturbed. */
  public double quietOver(final Sample other) {
    return quiet / other.quiet;
  }
}
