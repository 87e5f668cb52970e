package dev.gradus.tools.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gradus.parallel.WorkerTeam;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class StepMeterTest {
  private static final int BYTES = 100_000;

  private byte[] kept;

  private void allocate() {
    kept = new byte[BYTES];
  }

  @Test
  void shouldCountHeapBytesOfStepsButNotOfListeners() {
    final StepMeter meter = new StepMeter(3);
    for (int step = 1; step <= 6; step++) {
      allocate(); // a listener
      meter.open();
      allocate(); // a step
      meter.close(step, 2, 1000);
      allocate(); // a listener
    }
    meter.closeEpoch();
    assertEquals(4, meter.steps());
    assertEquals(BYTES, meter.heapBytesPerStep(), 0.01 * BYTES);
    assertEquals(BYTES, kept.length);
  }

  @Test
  void shouldCountHeapBytesOfWorkersWithinEpochsOnly() throws InterruptedException {
    final Thread[] worker = new Thread[1];
    final Object monitor = new Object();
    final boolean[] ask = {false};
    worker[0] =
        Thread.ofPlatform()
            .daemon()
            .name(WorkerTeam.THREAD_NAME + 1)
            .start(
                () -> {
                  synchronized (monitor) {
                    while (true) {
                      try {
                        while (!ask[0]) {
                          monitor.wait();
                        }
                      } catch (final InterruptedException e) {
                        return;
                      }
                      allocate();
                      ask[0] = false;
                      monitor.notifyAll();
                    }
                  }
                });
    final StepMeter meter = new StepMeter(1);
    askAndWait(monitor, ask); // before the epoch
    meter.open();
    askAndWait(monitor, ask); // a step
    meter.close(1, 1, 1000);
    meter.open();
    meter.close(2, 1, 1000);
    meter.closeEpoch();
    askAndWait(monitor, ask); // after it
    assertEquals(BYTES / 2.0, meter.heapBytesPerStep(), 0.05 * BYTES);
    worker[0].interrupt();
  }

  private static void askAndWait(final Object monitor, final boolean[] ask)
      throws InterruptedException {
    synchronized (monitor) {
      ask[0] = true;
      monitor.notifyAll();
      while (ask[0]) {
        monitor.wait();
      }
    }
  }

  @Test
  void shouldTellPercentilesOfSteps() {
    final StepMeter meter = new StepMeter(1);
    for (int step = 1; step <= 100; step++) {
      meter.open();
      meter.close(step, 32, TimeUnit.MICROSECONDS.toNanos(step));
    }
    assertEquals(50, meter.percentileMicros(50), 0.1);
    assertEquals(99, meter.percentileMicros(99), 0.1);
    assertEquals(32 * meter.stepsPerSecond(), meter.samplesPerSecond(), 1e-6);
    assertTrue(meter.stepsPerSecond() > 0);
  }

  @Test
  void shouldTellNothingWithoutSteps() {
    final StepMeter meter = new StepMeter(1);
    meter.open();
    meter.closeEpoch();
    assertTrue(Double.isNaN(meter.heapBytesPerStep()));
    assertTrue(Double.isNaN(meter.percentileMicros(50)));
    assertTrue(Double.isNaN(meter.stepsPerSecond()));
  }
}
