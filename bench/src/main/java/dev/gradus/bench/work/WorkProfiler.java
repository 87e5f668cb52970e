package dev.gradus.bench.work;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.ScalarResult;

/**
 * Adds rates beside the time of an operation: {@code rate.flops} in GFLOP/s, {@code rate.bytes} in
 * GB/s, {@code rate.samples} in samples/s, and the {@link Work} itself, {@code work.flops} and so
 * on. Those whose work is 0 are left out. Used as {@code -prof dev.gradus.bench.work.WorkProfiler}.
 */
public final class WorkProfiler implements InternalProfiler {
  public static final String FLOPS = "work.flops";
  public static final String BYTES = "work.bytes";
  public static final String READ = "work.read";
  public static final String WRITTEN = "work.written";
  public static final String UPDATED = "work.updated";
  public static final String SAMPLES = "work.samples";
  public static final String FOOTPRINT = "work.footprint";

  private long before;

  @Override
  public String getDescription() {
    return "GFLOP/s, GB/s and samples/s from the work a benchmark tells of";
  }

  @Override
  public void beforeIteration(final BenchmarkParams benchmark, final IterationParams iteration) {
    before = System.nanoTime();
  }

  @Override
  public Collection<? extends Result<?>> afterIteration(
      final BenchmarkParams benchmark,
      final IterationParams iteration,
      final IterationResult result) {
    final double nanos = System.nanoTime() - before;
    final double operations = result.getMetadata().getMeasuredOps();
    final Work work = Work.current();
    final List<ScalarResult> results = new ArrayList<>();
    add(results, "rate.flops", work.flops() * operations / nanos, "GFLOP/s");
    add(results, "rate.bytes", work.bytes().total() * operations / nanos, "GB/s");
    final double perSecond = TimeUnit.SECONDS.toNanos(1) / nanos;
    add(results, "rate.samples", work.samples() * operations * perSecond, "samples/s");
    add(results, FLOPS, work.flops(), "flop/op");
    add(results, BYTES, work.bytes().total(), "B/op");
    add(results, READ, work.bytes().read(), "B/op");
    add(results, WRITTEN, work.bytes().written(), "B/op");
    add(results, UPDATED, work.bytes().updated(), "B/op");
    add(results, SAMPLES, work.samples(), "samples/op");
    add(results, FOOTPRINT, work.footprint(), "B");
    return results;
  }

  private static void add(
      final List<ScalarResult> results, final String name, final double value, final String unit) {
    if (value > 0) {
      results.add(new ScalarResult(name, value, unit, AggregationPolicy.AVG));
    }
  }
}
