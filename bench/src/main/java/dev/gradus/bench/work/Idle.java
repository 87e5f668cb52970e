package dev.gradus.bench.work;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Waits for the JVM's compilers. They work for seconds after the first operations, on threads of
 * their own; where two virtual cores share a real one, that slows down what they run beside by
 * half, and as nothing runs while this waits, they are done sooner.
 */
final class Idle {
  /** The system counts processor time in steps of 10 ms. */
  private static final long WINDOW_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  /** Processor time within a window that still counts as idle. */
  private static final long IDLE_NANOS = WINDOW_NANOS / 4;

  private static final OperatingSystemMXBean SYSTEM =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

  private Idle() {}

  /**
   * Waits until this process is idle.
   *
   * @param patienceNanos after which it is measured nevertheless: other engines' threads may spin.
   */
  static void await(final long patienceNanos) {
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
}
