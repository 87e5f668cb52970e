package dev.gradus.bench.work;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;

/**
 * Runs an operation of Gradus until the JVM has compiled it. How long that takes is a matter of
 * what else the machine does: on two processors that four other processes kept busy, six of nine
 * JVMs that warmed up for a fixed time measured code that was not compiled.
 */
public final class Steady {
  /** Of an operation that is compiled; a vector is an object until C2 has compiled what uses it. */
  private static final long GARBAGE_BYTES = 16 * 1024;

  /**
   * A long operation may make a byte of it each microsecond: what runs once in a second, as the
   * mean of a batch's losses does, is compiled after hundreds of them, and takes no part of it.
   */
  private static final long NANOS_PER_BYTE = 1000;

  /** A run no faster than this part of the fastest before it is no gain. */
  private static final double GAIN = 0.9;

  /** Runs in a row without gain, or so long without one, and it is steady. */
  private static final int RUNS = 20;

  private static final long NANOS = TimeUnit.MILLISECONDS.toNanos(500);
  private static final long MOST_NANOS = TimeUnit.MINUTES.toNanos(2);

  /** A method is compiled by C2 after 5000 calls, if it has no loop. */
  private static final int CALLS = 6000;

  private static final long CALLS_NANOS = TimeUnit.SECONDS.toNanos(3);

  private Steady() {}

  /**
   * Runs it, twice at least.
   *
   * @param operation that makes no garbage once it is compiled.
   * @throws IllegalStateException where it still does after two minutes.
   */
  public static void run(final Runnable operation) {
    run(operation, MOST_NANOS);
  }

  static void run(final Runnable operation, final long mostNanos) {
    final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    final long start = System.nanoTime();
    long fastest = Long.MAX_VALUE;
    long steadySince = start;
    int runs = 0;
    while (runs < RUNS && (runs < 1 || System.nanoTime() - steadySince < NANOS)) {
      final long bytes = threads.getCurrentThreadAllocatedBytes();
      final long begin = System.nanoTime();
      operation.run();
      final long end = System.nanoTime();
      final long garbage = threads.getCurrentThreadAllocatedBytes() - bytes;
      final long most = Math.max(GARBAGE_BYTES, (end - begin) / NANOS_PER_BYTE);
      if (garbage > most || end - begin < GAIN * fastest) {
        runs = 0;
        steadySince = end;
      } else {
        runs++;
      }
      fastest = Math.min(fastest, end - begin);
      if (garbage > most && end - start > mostNanos) {
        throw new IllegalStateException(
            "an operation of a benchmark makes garbage: expected=at most "
                + most
                + " bytes, actual="
                + garbage);
      }
    }
  }

  /**
   * Runs it 6000 times, or for three seconds: for methods without loops that it calls only once.
   *
   * @param operation of any engine; it may make garbage.
   */
  public static void often(final Runnable operation) {
    often(operation, CALLS_NANOS);
  }

  static void often(final Runnable operation, final long mostNanos) {
    final long start = System.nanoTime();
    int calls = 0;
    do {
      operation.run();
      calls++;
    } while (calls < CALLS && System.nanoTime() - start < mostNanos);
  }
}
