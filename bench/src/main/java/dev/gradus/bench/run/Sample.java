package dev.gradus.bench.run;

import java.util.Map;
import java.util.TreeMap;

/**
 * What one fork measured, or why it measured nothing. All of one operation.
 *
 * @param micros the median time; of an average-time benchmark the median of its iterations.
 * @param percentiles microseconds by percent, of a sampled benchmark; else none.
 * @param secondary other results by name: {@code gc.alloc.rate.norm}, {@code work.flops}, ...
 * @param failure null, or why there are no figures.
 */
public record Sample(
    double micros, Map<Double, Double> percentiles, Map<String, Double> secondary, String failure) {
  public Sample {
    percentiles = new TreeMap<>(percentiles);
    secondary = Map.copyOf(secondary);
  }

  static Sample failed(final String reason) {
    return new Sample(Double.NaN, Map.of(), Map.of(), reason);
  }

  /** A secondary result; NaN where there is none. */
  double secondary(final String name) {
    return secondary.getOrDefault(name, Double.NaN);
  }
}
