package dev.gradus.bench.peers;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.Collection;
import java.util.List;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.ScalarResult;

/**
 * Processor time of the whole process for each operation. Where other programs share the cores, the
 * clock on the wall counts their turns, too, and the longer an operation is, the more of them; this
 * does not. It counts all threads, though: with one thread configured it is the cost of an
 * operation, with more it is the sum of their costs, waiting by spinning included.
 */
public final class CpuTimeProfiler implements InternalProfiler {
  /** The name of the result, in microseconds. */
  static final String RESULT = "cpu.time.norm";

  private final OperatingSystemMXBean process =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
  private long before;

  @Override
  public String getDescription() {
    return "Processor time of the process for each operation";
  }

  @Override
  public void beforeIteration(final BenchmarkParams benchmark, final IterationParams iteration) {
    before = process.getProcessCpuTime();
  }

  @Override
  public Collection<? extends Result<?>> afterIteration(
      final BenchmarkParams benchmark,
      final IterationParams iteration,
      final IterationResult result) {
    final double micros = (process.getProcessCpuTime() - before) / 1e3;
    final long operations = Math.max(1, result.getMetadata().getAllOps());
    return List.of(new ScalarResult(RESULT, micros / operations, "us/op", AggregationPolicy.AVG));
  }
}
