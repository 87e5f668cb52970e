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
 *   <li>In each round the plan runs as a whole, then each of its steps by itself, for a tenth of a
 *       millisecond or once. So a step of a microsecond is soon called the 5,000 times after which
 *       C2 compiles it, which whole runs would take seconds for.
 *   <li>Rows double from round to round until they are those asked for: the first runs go through
 *       the interpreter, where 64 rows of 784-256-10 take 0.7 seconds.
 *   <li>A vector is an object until C2 has compiled what handles it. So rounds end when they make
 *       next to no garbage and get no faster.
 * </ul>
 *
 * <p>A step may run again on the spot: what it reads lies there until its last reader has run, and
 * what it overwrites in place are floats, for which any value will do.
 */
final class Rehearsal {
  private static final long MOST_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final long STEP_NANOS = TimeUnit.MICROSECONDS.toNanos(100);
  private static final int STEP_RUNS = 500;

  /** Rounds in a row without gain, before they end. */
  private static final int STEADY_ROUNDS = 3;

  /** A round no faster than this part of the fastest before it is no gain. */
  private static final double GAIN = 0.9;

  /** Of a round that counts as compiled: some objects in calls that are too rare to matter. */
  private static final long GARBAGE_BYTES = 16 * 1024;

  private static final int SAMPLE = 1021;

  private final BoundPlan plan;
  private final List<Tensor> written;
  private final float[] sample = new float[SAMPLE];
  private final ThreadMXBean threads;
  private final long deadline = System.nanoTime() + MOST_NANOS;

  /**
   * Of a plan.
   *
   * @param written what its caller writes before a run.
   */
  Rehearsal(final BoundPlan plan, final List<Tensor> written) {
    this.plan = plan;
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
   * @param whole the plan's own way to run.
   */
  void run(final int rows, final IntConsumer whole) {
    int now = 1;
    int steady = 0;
    long best = Long.MAX_VALUE;
    while (steady < STEADY_ROUNDS && System.nanoTime() < deadline) {
      final long before = allocated();
      fill();
      whole.accept(now);
      final long nanos = steps(now);
      final boolean isClean = allocated() - before < GARBAGE_BYTES;
      if (now < rows) {
        now = (int) Math.min(rows, 2L * now);
      } else {
        steady = isClean && nanos > GAIN * best ? steady + 1 : 0;
        best = Math.min(best, nanos);
      }
    }
  }

  /** Each step over and over; the time of the fastest run of each, together. */
  private long steps(final int rows) {
    fill();
    long nanos = 0;
    plan.begin();
    try {
      for (int i = 0; i < plan.steps() && System.nanoTime() < deadline; i++) {
        nanos += step(i, rows);
      }
    } finally {
      plan.end();
    }
    return nanos;
  }

  private long step(final int index, final int rows) {
    final long start = System.nanoTime();
    long last = start;
    long fastest = Long.MAX_VALUE;
    for (int run = 0; run < STEP_RUNS && last - start < STEP_NANOS; run++) {
      plan.runStep(index, rows);
      final long now = System.nanoTime();
      fastest = Math.min(fastest, now - last);
      last = now;
    }
    return fastest;
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
