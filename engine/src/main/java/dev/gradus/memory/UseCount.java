package dev.gradus.memory;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts who uses something that can be closed, so that it is not closed under them, nor used once
 * it is closed. Any thread may call; nobody waits; nothing is allocated where nothing fails.
 */
public final class UseCount {
  private static final int CLOSED = -1;

  private final String name;
  private final AtomicInteger users = new AtomicInteger();

  /**
   * Open, and used by nobody.
   *
   * @param name of the thing, for error messages.
   */
  public UseCount(final String name) {
    this.name = name;
  }

  /**
   * Keeps it from being closed until {@link #release()}.
   *
   * @throws GradusException where it is closed.
   */
  public void acquire() {
    for (; ; ) {
      final int now = users.get();
      if (now == CLOSED) {
        throw GradusException.closed(name);
      }
      if (users.compareAndSet(now, now + 1)) {
        return;
      }
    }
  }

  public void release() {
    users.decrementAndGet();
  }

  public boolean isOpen() {
    return users.get() != CLOSED;
  }

  /** Throws where it is closed. */
  public void requireOpen() {
    if (!isOpen()) {
      throw GradusException.closed(name);
    }
  }

  /**
   * Closes.
   *
   * @return true for the one call that closed it, false where it was closed before.
   * @throws GradusException where it is in use; it stays open.
   */
  public boolean close() {
    if (users.compareAndSet(0, CLOSED)) {
      return true;
    }
    final int now = users.get();
    if (now == CLOSED) {
      return false;
    }
    throw new GradusException(name + " is in use: expected=no run in progress, actual=" + now);
  }
}
