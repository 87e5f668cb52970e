package dev.gradus.plan;

import com.sun.management.ThreadMXBean;
import dev.gradus.memory.DType;
import dev.gradus.memory.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;

/**
 * Runs a plan that nobody else uses until the JVM has compiled it.
 *
 * <ul>
 *   <li>Rows double from run to run until they are those asked for: the first runs go through the
 *       interpreter, where 64 rows of 784-256-10 take 0.7 seconds.
 *   <li>A vector is an object until C2 has compiled what handles it. So runs end when they make
 *       next to no garbage and get no faster.
 * </ul>
 */
final class Rehearsal {
  /** Three seconds are usual; where other processes keep all processors busy it is ten. */
  private static final long MOST_NANOS = TimeUnit.SECONDS.toNanos(30);

  /** So few are cut into the same tiles as more: of 4 and 5 rows with AVX2, of 12 with AVX-512. */
  private static final int FIRST_ROWS = 24;

  /** Runs in a row without gain, before they end. */
  private static final int STEADY_RUNS = 20;

  /** A run no faster than this part of the fastest before it is no gain. */
  private static final double GAIN = 0.9;

  /** Of a run that counts as compiled: some objects in calls that are too rare to matter. */
  private static final long GARBAGE_BYTES = 16 * 1024;

  private static final int SAMPLE = 1021;

  private final List<Tensor> written;
  private final float[] sample = new float[SAMPLE];
  private final ThreadMXBean threads;

  /**
   * With samples for a plan.
   *
   * @param written what its caller writes before a run.
   */
  Rehearsal(final List<Tensor> written) {
    this.written = written;
    this.threads =
        ManagementFactory.getThreadMXBean() instanceof ThreadMXBean bean
                && bean.isThreadAllocatedMemorySupported()
            ? bean
            : null;
    for (int i = 0; i < SAMPLE; i++) {
      sample[i] = (float) (i * 0.6180339887498949 % 1); // evenly spread, and no generator needed
    }
  }

  /**
   * Runs it.
   *
   * @param rows those of the runs to come.
   * @param plan the plan's own way to run.
   */
  void run(final int rows, final IntConsumer plan) {
    final long start = System.nanoTime();
    long end = start;
    int now = Math.min(rows, FIRST_ROWS);
    int steady = 0;
    long fastest = Long.MAX_VALUE;
    while (steady < STEADY_RUNS && end - start < MOST_NANOS) {
      fill();
      final long bytes = allocated();
      final long begin = System.nanoTime();
      plan.accept(now);
      end = System.nanoTime();
      if (now < rows) {
        now = (int) Math.min(rows, 2L * now);
      } else {
        final boolean gains = end - begin < GAIN * fastest;
        steady = gains || allocated() - bytes > GARBAGE_BYTES ? 0 : steady + 1;
        fastest = Math.min(fastest, end - begin);
      }
    }
  }

  /** Heap bytes this thread has allocated, 0 where the JVM does not tell. */
  private long allocated() {
    return threads == null ? 0 : threads.getCurrentThreadAllocatedBytes();
  }

  /** Floats in [0, 1), which are targets to every loss, and indices and labels 0. */
  private void fill() {
    for (final Tensor tensor : written) {
      if (tensor.type().dtype() == DType.FLOAT32) {
        final MemorySegment segment = tensor.segment();
        final long elements = tensor.elements();
        for (long i = 0; i < elements; i += SAMPLE) {
          final int count = (int) Math.min(SAMPLE, elements - i);
          MemorySegment.copy(sample, 0, segment, ValueLayout.JAVA_FLOAT, i * Float.BYTES, count);
        }
      } else {
        tensor.segment().fill((byte) 0);
      }
    }
  }
}
