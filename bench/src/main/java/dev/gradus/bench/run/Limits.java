package dev.gradus.bench.run;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * What the machine can do at most, by as many threads as the report's: the best of many short
 * iterations, as the others tell of what else it did.
 *
 * @param gflops the peak of float32 multiply-adds.
 * @param read GB/s by footprint in bytes.
 * @param copy GB/s by footprint in bytes, read and written bytes together.
 */
public record Limits(
    double gflops, NavigableMap<Double, Double> read, NavigableMap<Double, Double> copy) {
  private static final String PACKAGE = "dev.gradus.bench.limits.";
  private static final long LIMIT_SECONDS = 300;

  /** The benchmarks of {@link #measure}. */
  static final List<String> BENCHMARKS =
      List.of("FmaPeakBench.fma", "BandwidthBench.read", "BandwidthBench.copy");

  /** Measures them. */
  static Limits measure(final Fork fork, final int threads, final Progress progress) {
    double gflops = Double.NaN;
    final NavigableMap<Double, Double> read = new TreeMap<>();
    final NavigableMap<Double, Double> copy = new TreeMap<>();
    for (final String benchmark : BENCHMARKS) {
      final JsonNode reports =
          fork.run(
              PACKAGE + benchmark,
              List.of("-f", "1", "-t", Integer.toString(threads)),
              Map.of(),
              LIMIT_SECONDS);
      for (final JsonNode report : reports) {
        final double[] scores = Fork.iterations(report.path("primaryMetric"));
        if (benchmark.equals(BENCHMARKS.get(0))) {
          gflops = scores[scores.length - 1];
        } else {
          final double bytes = report.path("params").path("footprint").asDouble();
          (benchmark.endsWith("read") ? read : copy)
              .put(bytes * threads, bytes * threads / (scores[0] * 1e3));
        }
      }
      progress.done(benchmark, "measured");
    }
    return new Limits(gflops, read, copy);
  }

  /** The bandwidth of copying at the measured footprint that is nearest, as a factor. */
  public double copyAt(final double footprint) {
    double nearest = copy.firstKey();
    for (final double measured : copy.keySet()) {
      if (Math.abs(Math.log(measured / footprint)) < Math.abs(Math.log(nearest / footprint))) {
        nearest = measured;
      }
    }
    return copy.get(nearest);
  }

  /**
   * The least time of work: at the peak of multiply-adds, or at the bandwidth of copying. NaN for
   * work of which neither is known.
   */
  public double micros(final double flops, final double bytes, final double footprint) {
    final double computing = Double.isNaN(flops) ? 0 : flops / (gflops * 1e3);
    final double moving =
        Double.isNaN(bytes) || Double.isNaN(footprint) ? 0 : bytes / (copyAt(footprint) * 1e3);
    final double least = Math.max(computing, moving);
    return least > 0 ? least : Double.NaN;
  }
}
