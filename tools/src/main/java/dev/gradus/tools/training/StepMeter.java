package dev.gradus.tools.training;

import com.sun.management.ThreadMXBean;
import dev.gradus.tools.report.WorkerHeap;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * Measures steps: time, and heap bytes on the training thread and the engine's workers that there
 * are when it is made, but not what the listeners between two steps do. Allocates nothing while
 * steps run.
 *
 * <ul>
 *   <li>A window opens when one step's listeners are done, and closes after the next step: it has
 *       the hand-over of the batch, the step and the count of right predictions.
 *   <li>The training thread's bytes are read at both ends of each window; the workers', who rest
 *       outside of steps, at both ends of each epoch, so that scoring between epochs is left out.
 *       The JVM's own threads, whose housekeeping follows the clock, are left out too.
 *   <li>Steps before a given one are not counted: they warm up.
 * </ul>
 */
final class StepMeter {
  private static final long LONGEST_NANOS = TimeUnit.HOURS.toNanos(1);

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final Histogram stepNanos = new Histogram(1, LONGEST_NANOS, 3);
  private final WorkerHeap workers = new WorkerHeap();
  private final long firstStep;

  private long windowNanos;
  private long windowBytes;
  private long epochBytes;
  private boolean epochOpen;
  private boolean epochCounted;

  private long steps;
  private long rows;
  private long nanos;
  private long heapBytes;

  /**
   * Makes a meter; call it on the training thread.
   *
   * @param firstStep the first step, from 1, that counts.
   */
  StepMeter(final long firstStep) {
    this.firstStep = firstStep;
  }

  /** Begins the next step's window. */
  void open() {
    if (!epochOpen) {
      epochBytes = workers.bytes();
      epochOpen = true;
      epochCounted = false;
    }
    windowBytes = threads.getCurrentThreadAllocatedBytes();
    windowNanos = System.nanoTime();
  }

  /**
   * Ends a step's window.
   *
   * @param step from 1.
   * @param stepTime the step alone.
   */
  void close(final long step, final int stepRows, final long stepTime) {
    final long now = System.nanoTime();
    final long bytes = threads.getCurrentThreadAllocatedBytes();
    if (step >= firstStep) {
      steps++;
      rows += stepRows;
      nanos += now - windowNanos;
      heapBytes += bytes - windowBytes;
      stepNanos.recordValue(Math.min(stepTime, LONGEST_NANOS));
      epochCounted = true;
    } else if (step == firstStep - 1) {
      epochBytes = workers.bytes();
    }
  }

  /** Ends an epoch, or a run within one. */
  void closeEpoch() {
    if (epochOpen && epochCounted) {
      heapBytes += workers.bytes() - epochBytes;
    }
    epochOpen = false;
  }

  /** Steps that counted. */
  long steps() {
    return steps;
  }

  double stepsPerSecond() {
    return steps * (double) TimeUnit.SECONDS.toNanos(1) / nanos;
  }

  double samplesPerSecond() {
    return rows * (double) TimeUnit.SECONDS.toNanos(1) / nanos;
  }

  /** NaN where no step counted. */
  double percentileMicros(final double percentile) {
    return steps == 0
        ? Double.NaN
        : stepNanos.getValueAtPercentile(percentile) / (double) TimeUnit.MICROSECONDS.toNanos(1);
  }

  /** NaN where no step counted. */
  double heapBytesPerStep() {
    return steps == 0 ? Double.NaN : heapBytes / (double) steps;
  }
}
