package dev.gradus.bench.run;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gradus.bench.work.Work;
import dev.gradus.bench.work.WorkProfiler;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * What the machine can do at most, by as many threads as the report's: the best of many short
 * iterations, as the others tell of what else it did.
 *
 * @param gflops the peak of float32 multiply-adds.
 * @param bandwidth GB/s by kind of access, {@code read}, {@code copy} and {@code update}, and by
 *     footprint in bytes; those read and those written both count.
 */
public record Limits(double gflops, Map<String, NavigableMap<Double, Double>> bandwidth) {
  private static final String PACKAGE = "dev.gradus.bench.limits.";
  private static final long LIMIT_SECONDS = 300;

  /** The benchmarks of {@link #measure}. */
  static final List<String> BENCHMARKS =
      List.of(
          "FmaPeakBench.fma",
          "BandwidthBench.read",
          "BandwidthBench.copy",
          "BandwidthBench.update");

  /** Measures them. */
  static Limits measure(final Fork fork, final int threads, final Progress progress) {
    double gflops = Double.NaN;
    final Map<String, NavigableMap<Double, Double>> bandwidth = new LinkedHashMap<>();
    for (final String benchmark : BENCHMARKS) {
      final JsonNode reports =
          fork.run(
              PACKAGE + benchmark,
              List.of(
                  "-f",
                  "1",
                  "-t",
                  Integer.toString(threads),
                  "-prof",
                  WorkProfiler.class.getName()),
              Map.of(),
              LIMIT_SECONDS);
      for (final JsonNode report : reports) {
        final double[] scores = Fork.iterations(report.path("primaryMetric"));
        if (benchmark.equals(BENCHMARKS.get(0))) {
          gflops = scores[scores.length - 1];
        } else {
          final JsonNode work = report.path("secondaryMetrics");
          bandwidth
              .computeIfAbsent(
                  benchmark.substring(benchmark.indexOf('.') + 1), b -> new TreeMap<>())
              .put(
                  score(work, WorkProfiler.FOOTPRINT) * threads,
                  score(work, WorkProfiler.BYTES) * threads / (scores[0] * 1e3));
        }
      }
      progress.done(benchmark, "measured");
    }
    return new Limits(gflops, bandwidth);
  }

  private static double score(final JsonNode metrics, final String name) {
    return metrics.path(name).path("score").asDouble();
  }

  /** Of this and another measurement whatever is greater. */
  Limits best(final Limits other) {
    final Map<String, NavigableMap<Double, Double>> best = new LinkedHashMap<>();
    bandwidth.forEach(
        (access, rates) -> {
          final NavigableMap<Double, Double> greatest = new TreeMap<>(rates);
          other
              .bandwidth
              .get(access)
              .forEach((footprint, rate) -> greatest.merge(footprint, rate, Math::max));
          best.put(access, greatest);
        });
    return new Limits(Math.max(gflops, other.gflops), best);
  }

  /** By footprint, the greatest bandwidth of any access. */
  public NavigableMap<Double, Double> best() {
    final NavigableMap<Double, Double> best = new TreeMap<>();
    for (final NavigableMap<Double, Double> rates : bandwidth.values()) {
      rates.forEach((footprint, rate) -> best.merge(footprint, rate, Math::max));
    }
    return best;
  }

  /** The bandwidth of an access at the measured footprint that is nearest, as a factor. */
  public double rate(final String access, final double footprint) {
    final NavigableMap<Double, Double> rates = bandwidth.get(access);
    double nearest = rates.firstKey();
    for (final double measured : rates.keySet()) {
      if (Math.abs(Math.log(measured / footprint)) < Math.abs(Math.log(nearest / footprint))) {
        nearest = measured;
      }
    }
    return rates.get(nearest);
  }

  /**
   * The least time of work: of its FLOPs at the peak, or of copying as much as it writes, reading
   * what it reads beyond that, and updating what it updates, one after the other. NaN for work of
   * which neither is known.
   */
  public double micros(final double flops, final Work.Bytes bytes, final double footprint) {
    double moving = 0;
    if (footprint > 0) {
      final double copied = 2 * bytes.written() / rate("copy", footprint);
      final double read = Math.max(0, bytes.read() - bytes.written()) / rate("read", footprint);
      moving = (copied + read + 2 * bytes.updated() / rate("update", footprint)) / 1e3;
    }
    final double least = Math.max(flops / (gflops * 1e3), moving);
    return least > 0 ? least : Double.NaN;
  }
}
