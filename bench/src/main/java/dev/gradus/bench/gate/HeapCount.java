package dev.gradus.bench.gate;

import com.sun.management.ThreadMXBean;
import dev.gradus.tools.report.WorkerHeap;
import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;

/**
 * Heap bytes that work allocates once it is warm, by the JVM's own count: on this thread and on the
 * engine's workers. Until C2 has compiled all there is, vectors are objects, so windows are
 * repeated until one has none, for as long as patience lasts: the count of bytes sinks, or the JVM
 * compiles.
 */
final class HeapCount {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private static final CompilationMXBean COMPILER = ManagementFactory.getCompilationMXBean();

  /** Operations of a window: an object of 16 bytes in each would be 800 bytes. */
  private static final int WINDOW = 50;

  /** After the time, at least so many windows are tried: what allocates always, always shows. */
  private static final int LEAST_WINDOWS = 3;

  /** The JVM's own small methods are compiled now and then; what matters takes longer. */
  private static final long MILLIS_OF_NO_MATTER = 20;

  private HeapCount() {}

  /**
   * Bytes of one operation in the best window; 0 as soon as a window had none.
   *
   * @param patienceSeconds without a change, after which the best window counts.
   */
  static double bytesPerOperation(final Runnable operation, final long patienceSeconds) {
    final long patience = TimeUnit.SECONDS.toNanos(patienceSeconds);
    long changed = System.nanoTime();
    long compiled = 0;
    long least = Long.MAX_VALUE;
    for (int windows = 0;
        least != 0 && (windows < LEAST_WINDOWS || System.nanoTime() - changed < patience);
        windows++) {
      final long bytes = window(operation);
      final long compiling = COMPILER.getTotalCompilationTime();
      if (bytes < least || compiling - compiled > MILLIS_OF_NO_MATTER) {
        changed = System.nanoTime();
        compiled = compiling;
      }
      least = Math.min(least, bytes);
    }
    return (double) least / WINDOW;
  }

  private static long window(final Runnable operation) {
    final WorkerHeap workers = new WorkerHeap();
    long before = THREADS.getCurrentThreadAllocatedBytes();
    final long counting = THREADS.getCurrentThreadAllocatedBytes() - before;
    final long workersBefore = workers.bytes();
    before = THREADS.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < WINDOW; i++) {
      operation.run();
    }
    final long own = THREADS.getCurrentThreadAllocatedBytes() - before - counting;
    return own + workers.bytes() - workersBefore;
  }
}
