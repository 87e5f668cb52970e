package dev.gradus.bench.work;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Whose turn it is among processes that measure one at a time: the first, the second, and so on,
 * then the first again. It lies in a file that all of them map. A party that has gone is passed
 * over, also where it went while it was its turn.
 */
public final class Turns implements AutoCloseable {
  private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();

  /**
   * Between two looks. Those who wait cost whoever has the turn: six JVMs that looked every 200
   * microseconds made a step of 32-64-64-1 take 170 microseconds instead of 32.
   */
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  /** So that no process stays behind whose turn nobody gives any more. */
  private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(20);

  private final Arena arena = Arena.ofShared();
  private final MemorySegment holder; // one int
  private final MemorySegment gone; // one int for each party: 1 where it has gone
  private final int parties;

  private Turns(final Path file, final int parties) throws IOException {
    this.parties = parties;
    try (FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      final MemorySegment all =
          channel.map(FileChannel.MapMode.READ_WRITE, 0, (1L + parties) * Integer.BYTES, arena);
      holder = all.asSlice(0, Integer.BYTES);
      gone = all.asSlice(Integer.BYTES);
    }
  }

  /**
   * Opens the file; it is the first party's turn where the file is new.
   *
   * @param file new, empty, or opened by other parties.
   * @param parties in all.
   * @throws IOException where the file can't be mapped.
   */
  public static Turns open(final Path file, final int parties) throws IOException {
    return new Turns(file, parties);
  }

  /**
   * Waits for a party's turn.
   *
   * @throws IllegalStateException where it does not come within 20 minutes.
   */
  public void await(final int party) {
    final long deadline = System.nanoTime() + PATIENCE_NANOS;
    int current = current();
    while (current != party) {
      if (hasGone(current)) {
        pass(current);
      }
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException("turn of party " + party + " never came");
      }
      LockSupport.parkNanos(PAUSE_NANOS);
      current = current();
    }
  }

  /** Ends a party's turn; nothing where it has none. */
  public void pass(final int party) {
    int next = party;
    do {
      next = (next + 1) % parties;
    } while (next != party && hasGone(next));
    INT.compareAndSet(holder, 0L, party, next);
  }

  /** Takes a party out for good. */
  public void leave(final int party) {
    INT.setVolatile(gone, (long) party * Integer.BYTES, 1);
  }

  private int current() {
    return (int) INT.getVolatile(holder, 0L);
  }

  private boolean hasGone(final int party) {
    return (int) INT.getVolatile(gone, (long) party * Integer.BYTES) != 0;
  }

  @Override
  public void close() {
    arena.close();
  }
}
