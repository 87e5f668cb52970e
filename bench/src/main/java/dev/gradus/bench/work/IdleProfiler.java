package dev.gradus.bench.work;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;

/**
 * Begins no iteration before the process is idle. The JVM compiles for seconds after the first
 * operations, on threads of its own; where two virtual cores share one real core, that slows down
 * what it runs beside by half, and as nothing runs while this waits, it is over sooner. Used as
 * {@code -prof dev.gradus.bench.work.IdleProfiler}.
 */
public final class IdleProfiler implements InternalProfiler {
  private static final long WINDOW_NANOS = TimeUnit.MILLISECONDS.toNanos(40);

  /** Processor time within a window that still counts as idle. */
  private static final long IDLE_NANOS = WINDOW_NANOS / 5;

  /** A process that never idles, for other engines' threads may spin, is measured nevertheless. */
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(3);

  private final OperatingSystemMXBean system =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

  @Override
  public String getDescription() {
    return "waits for the JVM's compilers before each iteration";
  }

  @Override
  public void beforeIteration(final BenchmarkParams benchmark, final IterationParams iteration) {
    final long deadline = System.nanoTime() + PATIENCE_NANOS;
    long used;
    do {
      final long before = system.getProcessCpuTime();
      final long end = System.nanoTime() + WINDOW_NANOS;
      while (System.nanoTime() < end) {
        LockSupport.parkNanos(WINDOW_NANOS);
      }
      used = system.getProcessCpuTime() - before;
    } while (used > IDLE_NANOS && System.nanoTime() < deadline);
  }

  @Override
  public Collection<? extends Result<?>> afterIteration(
      final BenchmarkParams benchmark,
      final IterationParams iteration,
      final IterationResult result) {
    return List.of();
  }
}
