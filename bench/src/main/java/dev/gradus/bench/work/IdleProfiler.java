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
  /** The system counts processor time in steps of 10 ms. */
  private static final long WINDOW_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  /** Processor time within a window that still counts as idle. */
  private static final long IDLE_NANOS = WINDOW_NANOS / 4;

  /** A process that never idles, for other engines' threads may spin, is measured nevertheless. */
  static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(3);

  private static final OperatingSystemMXBean SYSTEM =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

  @Override
  public String getDescription() {
    return "waits for the JVM's compilers before each iteration";
  }

  @Override
  public void beforeIteration(final BenchmarkParams benchmark, final IterationParams iteration) {
    awaitIdle(PATIENCE_NANOS);
  }

  /** Waits until this process is idle, or patience is over. */
  static void awaitIdle(final long patienceNanos) {
    final long deadline = System.nanoTime() + patienceNanos;
    long used;
    do {
      final long before = SYSTEM.getProcessCpuTime();
      final long end = System.nanoTime() + WINDOW_NANOS;
      while (System.nanoTime() < end) {
        LockSupport.parkNanos(WINDOW_NANOS);
      }
      used = SYSTEM.getProcessCpuTime() - before;
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
