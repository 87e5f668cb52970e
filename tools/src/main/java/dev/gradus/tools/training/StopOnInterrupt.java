package dev.gradus.tools.training;

import dev.gradus.train.Trainer;
import java.util.concurrent.CountDownLatch;

/**
 * While open, Ctrl-C (and SIGTERM) ends the training after the step in progress, and the JVM lives
 * on until what follows is done: the thread that opened this must then end the JVM itself, by
 * {@link Runtime#halt}.
 */
final class StopOnInterrupt implements AutoCloseable {
  /** What the opener may take between closing this and ending the JVM. */
  private static final long GRACE_MILLIS = 5000;

  private final CountDownLatch done = new CountDownLatch(1);
  private final Thread opener = Thread.currentThread();
  private final Thread hook = Thread.ofPlatform().name("gradus-interrupt").unstarted(this::stop);
  private Trainer trainer;
  private boolean interrupted;

  private StopOnInterrupt() {}

  static StopOnInterrupt open() {
    final StopOnInterrupt interrupt = new StopOnInterrupt();
    Runtime.getRuntime().addShutdownHook(interrupt.hook);
    return interrupt;
  }

  /** Names what an interrupt, even one that came before, is to stop. */
  synchronized void stops(final Trainer running) {
    trainer = running;
    if (interrupted) {
      running.stop();
    }
  }

  private synchronized void interrupt() {
    interrupted = true;
    if (trainer != null) {
      trainer.stop();
    }
  }

  private void stop() {
    interrupt();
    try {
      done.await();
      opener.join(GRACE_MILLIS);
    } catch (final InterruptedException e) {
      Thread.currentThread().interrupt(); // the JVM ends at once then
    }
  }

  @Override
  public void close() {
    done.countDown();
    if (!isInterrupted()) {
      removeHook();
    }
  }

  private synchronized boolean isInterrupted() {
    return interrupted;
  }

  private void removeHook() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (final IllegalStateException e) {
      // The JVM is ending just now, and the hook with it: nothing is left to remove.
      assert done.getCount() == 0;
    }
  }
}
