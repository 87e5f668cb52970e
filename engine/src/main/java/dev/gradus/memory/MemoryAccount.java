package dev.gradus.memory;

import java.util.concurrent.atomic.AtomicLong;

/** Counts the off-heap bytes held by open slabs, and the most ever held at once. */
public final class MemoryAccount {
  private final AtomicLong openBytes = new AtomicLong();
  private final AtomicLong peakBytes = new AtomicLong();

  /** An account of nothing yet. */
  public MemoryAccount() {}

  /** Bytes of all slabs open now. */
  public long openBytes() {
    return openBytes.get();
  }

  /** The largest value {@link #openBytes()} has had. */
  public long peakBytes() {
    return peakBytes.get();
  }

  void opened(final long bytes) {
    final long now = openBytes.addAndGet(bytes);
    peakBytes.accumulateAndGet(now, Math::max);
  }

  void closed(final long bytes) {
    openBytes.addAndGet(-bytes);
  }
}
