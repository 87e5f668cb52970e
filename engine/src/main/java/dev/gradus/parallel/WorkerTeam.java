package dev.gradus.parallel;

import dev.gradus.memory.GradusException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;

/**
 * A fixed number of threads, the caller's among them, that run the chunks of a {@link
 * ParallelTask}.
 *
 * <ul>
 *   <li>Member {@code w} of {@code t} runs chunks {@code [chunks*w/t, chunks*(w+1)/t)}.
 *   <li>A share that its member has not begun by the time the caller is through with its own, the
 *       caller runs as worker 0: it never waits for a thread to wake up.
 *   <li>How work is cut is the task's affair and must not depend on the team, so results don't
 *       either.
 *   <li>Members wait by spinning for a bounded time, then park; a parked team costs nothing.
 *   <li>One caller at a time has the team. Another caller's run meanwhile takes place wholly on
 *       that caller's own thread, as worker 0: slower, same results, never blocked.
 * </ul>
 *
 * A team of 1 starts no thread. Nothing is allocated by {@link #run}.
 */
public final class WorkerTeam implements AutoCloseable {
  /** The largest team: a guard against slips, not a limit of the design. */
  public static final int MAX_THREADS = 1024;

  /** What the names of its threads begin with, for whoever measures threads. */
  public static final String THREAD_NAME = "gradus-worker-";

  /**
   * Spins of a thread that waits before it parks: some 0.3 to 0.9 milliseconds, longer than a
   * virtual core takes to wake up and than the short products between two long ones of a plan, yet
   * short enough to leave the core to others soon after a plan has run.
   */
  private static final int SPINS = 1 << 14;

  /**
   * Every so many spins a thread that waits offers its core to others: some 2 to 7 microseconds.
   */
  private static final int SPINS_PER_YIELD = 1 << 7;

  private static final VarHandle BUSY;
  private static final VarHandle BEGUN;

  static {
    try {
      final MethodHandles.Lookup lookup = MethodHandles.lookup();
      BUSY = lookup.findVarHandle(WorkerTeam.class, "busy", boolean.class);
      BEGUN = lookup.findVarHandle(Member.class, "begun", long.class);
    } catch (final ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Member[] members; // without the caller
  private final int threads;

  @SuppressWarnings("unused") // through BUSY
  private volatile boolean busy;

  private volatile boolean closed;
  private volatile Throwable failure;

  // Written by the caller before a member's `ticket`, read by the member after it.
  private ParallelTask task;
  private int chunks;

  private WorkerTeam(final int threads) {
    this.threads = threads;
    this.members = new Member[threads - 1];
    for (int i = 0; i < members.length; i++) {
      members[i] = new Member(this, i + 1);
    }
  }

  /**
   * Opens a team.
   *
   * @param threads its size with the caller, 1 to {@value #MAX_THREADS}.
   */
  public static WorkerTeam open(final int threads) {
    if (threads < 1 || threads > MAX_THREADS) {
      throw GradusException.outOfRange("threads", "1 to " + MAX_THREADS, threads);
    }
    final WorkerTeam team = new WorkerTeam(threads);
    for (final Member member : team.members) {
      member.start();
    }
    return team;
  }

  /** The team's size, the caller included. */
  public int threads() {
    return threads;
  }

  /**
   * Runs all chunks and returns when the last is done.
   *
   * @throws GradusException where the team is closed.
   * @throws RuntimeException what a chunk threw. By then the shares of the other members are done,
   *     and the rest of its own share is left out.
   */
  public void run(final ParallelTask work, final int chunkCount) {
    if (closed) {
      throw GradusException.closed("worker team");
    }
    if (chunkCount <= 1 || threads == 1 || !BUSY.compareAndSet(this, false, true)) {
      for (int chunk = 0; chunk < chunkCount; chunk++) {
        work.runChunk(chunk, 0);
      }
      return;
    }
    try {
      runOnTeam(work, chunkCount);
    } finally {
      task = null;
      BUSY.setVolatile(this, false);
    }
  }

  private void runOnTeam(final ParallelTask work, final int chunkCount) {
    task = work;
    chunks = chunkCount;
    for (int i = 0; i < members.length; i++) {
      if (hasWork(i + 1, chunkCount)) {
        members[i].call();
      }
    }
    Throwable thrown = null;
    try {
      runShare(0, 0);
    } catch (final RuntimeException | Error e) {
      thrown = e;
    }
    for (int i = members.length - 1; i >= 0; i--) {
      if (hasWork(i + 1, chunkCount)) {
        members[i].runShare(0);
      }
    }
    for (int i = 0; i < members.length; i++) {
      if (hasWork(i + 1, chunkCount)) {
        members[i].awaitDone();
      }
    }
    if (failure != null) {
      thrown = thrown == null ? failure : thrown;
      failure = null;
    }
    rethrow(thrown);
  }

  private boolean hasWork(final int worker, final int chunkCount) {
    return share(worker, chunkCount) < share(worker + 1, chunkCount);
  }

  private int share(final int worker, final int chunkCount) {
    return (int) ((long) chunkCount * worker / threads);
  }

  /** Runs a member's share on the thread of worker {@code as}. */
  private void runShare(final int member, final int as) {
    final ParallelTask work = task;
    final int end = share(member + 1, chunks);
    for (int chunk = share(member, chunks); chunk < end; chunk++) {
      work.runChunk(chunk, as);
    }
  }

  private static void rethrow(final Throwable thrown) {
    if (thrown instanceof RuntimeException e) {
      throw e;
    }
    if (thrown instanceof Error e) {
      throw e;
    }
  }

  /** Ends the threads and waits for them. Closing twice is harmless. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    if (!BUSY.compareAndSet(this, false, true)) {
      throw new GradusException(
          "worker team is in use: expected=no run in progress, actual=a run in progress");
    }
    closed = true;
    for (final Member member : members) {
      member.finish();
    }
  }

  /**
   * One thread. `ticket` counts the runs it was given, `begun` and `done` those whose share was
   * begun and ended, by itself or the caller; they only grow, and are equal between runs.
   */
  private static final class Member implements Runnable {
    private final WorkerTeam team;
    private final int worker;
    private final Thread thread;
    private volatile long ticket;
    private volatile long done;

    @SuppressWarnings("unused") // through BEGUN
    private volatile long begun;

    private volatile boolean parked;
    private volatile Thread waiter;

    Member(final WorkerTeam team, final int worker) {
      this.team = team;
      this.worker = worker;
      this.thread = Thread.ofPlatform().daemon(true).name(THREAD_NAME + worker).unstarted(this);
    }

    void start() {
      thread.start();
    }

    @SuppressWarnings(
        "NonAtomicVolatileUpdate") // only the one caller that holds the team writes it
    void call() {
      ticket = ticket + 1;
      if (parked) {
        LockSupport.unpark(thread);
      }
    }

    void awaitDone() {
      final long expected = ticket;
      for (int spin = 0; done != expected; spin++) {
        if (spin < SPINS) {
          pause(spin);
        } else {
          waiter = Thread.currentThread();
          if (done != expected) {
            LockSupport.park(this);
          }
          waiter = null;
        }
      }
    }

    void finish() {
      call();
      boolean interrupted = false;
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (final InterruptedException e) {
          interrupted = true;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public void run() {
      long seen = 0;
      for (; ; ) {
        awaitTicket(seen);
        if (team.closed) {
          return;
        }
        seen = ticket;
        runShare(worker);
        final Thread waiting = waiter;
        if (waiting != null) {
          LockSupport.unpark(waiting);
        }
      }
    }

    /** Runs the share on the thread of worker {@code as}, unless another thread has begun it. */
    void runShare(final int as) {
      final long number = ticket;
      if (!BEGUN.compareAndSet(this, number - 1, number)) {
        return;
      }
      try {
        team.runShare(worker, as);
      } catch (final RuntimeException | Error e) {
        team.failure = e;
      }
      done = number;
    }

    /** A spin. Where two threads of the team share a core, one would hold up what it waits for. */
    @SuppressWarnings("ThreadPriorityCheck")
    private static void pause(final int spin) {
      if (spin % SPINS_PER_YIELD == SPINS_PER_YIELD - 1) {
        Thread.yield();
      } else {
        Thread.onSpinWait();
      }
    }

    private void awaitTicket(final long seen) {
      for (int spin = 0; ticket == seen; spin++) {
        if (spin < SPINS) {
          pause(spin);
        } else {
          parked = true;
          if (ticket == seen) {
            LockSupport.park(this);
          }
          parked = false;
        }
      }
    }
  }
}
