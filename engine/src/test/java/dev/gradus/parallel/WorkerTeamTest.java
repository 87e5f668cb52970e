package dev.gradus.parallel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gradus.memory.GradusException;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
final class WorkerTeamTest {
  private static final int[] CHUNKS = {0, 1, 2, 3, 7, 8, 9, 100, 1001};

  /** Counts how often each chunk ran, and notes which worker ran it. */
  private static final class Count implements ParallelTask {
    final AtomicIntegerArray runs;
    final int[] workers;

    Count(final int chunks) {
      runs = new AtomicIntegerArray(chunks);
      workers = new int[chunks];
    }

    @Override
    public void runChunk(final int chunk, final int worker) {
      runs.incrementAndGet(chunk);
      workers[chunk] = worker;
    }

    void assertEachRan(final int times) {
      for (int chunk = 0; chunk < runs.length(); chunk++) {
        assertEquals(times, runs.get(chunk), "runs of chunk " + chunk + " of " + runs.length());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 9, 33})
  void shouldRunEachChunkOnce(final int threads) {
    try (WorkerTeam team = WorkerTeam.open(threads)) {
      assertEquals(threads, team.threads());
      for (int repeat = 0; repeat < 20; repeat++) {
        for (final int chunks : CHUNKS) {
          final Count count = new Count(chunks);
          team.run(count, chunks);
          count.assertEachRan(1);
          for (int chunk = 0; chunk < chunks; chunk++) {
            final int worker = count.workers[chunk];
            assertTrue(worker >= 0 && worker < threads, "worker " + worker + " of " + threads);
            assertTrue(
                worker == 0
                    || (chunk >= (long) chunks * worker / threads
                        && chunk < (long) chunks * (worker + 1) / threads),
                "chunk " + chunk + " of " + chunks + " on worker " + worker + " of " + threads);
          }
        }
      }
    }
  }

  @Test
  void shouldShareTheWorkAmongAllThreads() {
    try (WorkerTeam team = WorkerTeam.open(4)) {
      final Thread[] threads = threadsOf(team);
      assertSame(Thread.currentThread(), threads[0], "the caller takes part");
      assertEquals(4, Set.of(threads).size());
      for (int worker = 1; worker < 4; worker++) {
        assertEquals("gradus-worker-" + worker, threads[worker].getName());
        assertTrue(threads[worker].isDaemon());
      }
    }
  }

  @Test
  void shouldWorkOnAfterMembersHaveParked() throws InterruptedException {
    try (WorkerTeam team = WorkerTeam.open(3)) {
      final Thread[] threads = threadsOf(team);
      for (int round = 0; round < 3; round++) {
        awaitParked(threads);
        final Count count = new Count(50);
        team.run(count, 50);
        count.assertEachRan(1);
        awaitParked(threads);
        assertEquals(Set.of(threads), Set.of(threadsOf(team)));
      }
    }
  }

  @Test
  void shouldRunTheShareOfAMemberThatIsLate() throws InterruptedException {
    try (WorkerTeam team = WorkerTeam.open(2)) {
      final Thread[] threads = threadsOf(team);
      final Thread[] ran = new Thread[2];
      final int[] workers = new int[2];
      final ParallelTask task =
          (chunk, worker) -> {
            ran[chunk] = Thread.currentThread();
            workers[chunk] = worker;
          };
      do { // waking up takes longer than the caller's chunk, save where the caller is interrupted
        awaitParked(threads);
        team.run(task, 2);
        assertSame(threads[workers[1]], ran[1]);
      } while (workers[1] != 0);
    }
  }

  /** The threads of a team by their worker, once all of them work at the same time. */
  private static Thread[] threadsOf(final WorkerTeam team) {
    final Thread[] threads = new Thread[team.threads()];
    final CountDownLatch all = new CountDownLatch(threads.length);
    team.run(
        (chunk, worker) -> {
          threads[worker] = Thread.currentThread();
          all.countDown();
          await(all);
        },
        threads.length);
    return threads;
  }

  private static void awaitParked(final Thread[] threads) throws InterruptedException {
    for (int worker = 1; worker < threads.length; worker++) {
      while (threads[worker].getState() != Thread.State.WAITING) {
        Thread.sleep(1);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5})
  void shouldThrowWhatAChunkThrewAndWorkOn(final int threads) {
    try (WorkerTeam team = WorkerTeam.open(threads)) {
      for (int thrower = 0; thrower < 10; thrower++) {
        final int bad = thrower;
        final IllegalStateException thrown = new IllegalStateException("chunk " + bad);
        final ParallelTask task =
            (chunk, worker) -> {
              if (chunk == bad) {
                throw thrown;
              }
            };
        assertSame(thrown, assertThrows(IllegalStateException.class, () -> team.run(task, 10)));
        final Count count = new Count(10);
        team.run(count, 10);
        count.assertEachRan(1);
      }
      final Error error = new AssertionError("an error");
      assertSame(
          error,
          assertThrows(
              AssertionError.class,
              () ->
                  team.run(
                      (chunk, worker) -> {
                        throw error;
                      },
                      10)));
      team.run(new Count(10), 10);
    }
  }

  @Test
  void shouldEndTheSharesOfOthersBeforeItThrows() {
    try (WorkerTeam team = WorkerTeam.open(4)) {
      final Count count = new Count(40);
      final ParallelTask task =
          (chunk, worker) -> {
            if (chunk == 12) { // the third of worker 1
              throw new IllegalStateException("chunk 12");
            }
            count.runChunk(chunk, worker);
          };
      assertThrows(IllegalStateException.class, () -> team.run(task, 40));
      for (int chunk = 0; chunk < 40; chunk++) {
        final int expected = chunk >= 12 && chunk < 20 ? 0 : 1;
        assertEquals(expected, count.runs.get(chunk), "runs of chunk " + chunk);
      }
    }
  }

  @Test
  void shouldServeASecondCallerOnItsOwnThread() throws InterruptedException {
    try (WorkerTeam team = WorkerTeam.open(2)) {
      final CountDownLatch started = new CountDownLatch(2);
      final CountDownLatch end = new CountDownLatch(1);
      final AtomicInteger ran = new AtomicInteger();
      final Thread first =
          Thread.ofPlatform()
              .start(
                  () ->
                      team.run(
                          (chunk, worker) -> {
                            started.countDown();
                            await(end);
                            ran.incrementAndGet();
                          },
                          2));
      await(started);
      final Thread caller = Thread.currentThread();
      final Count count = new Count(20);
      team.run(
          (chunk, worker) -> {
            assertSame(caller, Thread.currentThread());
            count.runChunk(chunk, worker);
          },
          20);
      count.assertEachRan(1);
      assertEquals(20, zeros(count.workers));
      assertEquals(0, ran.get(), "the first run is still going on");
      assertEquals(
          "worker team is in use: expected=no run in progress, actual=a run in progress",
          assertThrows(GradusException.class, team::close).getMessage());
      end.countDown();
      first.join();
      assertEquals(2, ran.get());
    }
  }

  private static int zeros(final int[] values) {
    int zeros = 0;
    for (final int value : values) {
      zeros += value == 0 ? 1 : 0;
    }
    return zeros;
  }

  @Test
  void shouldServeManyCallersAtOnce() throws InterruptedException {
    try (WorkerTeam team = WorkerTeam.open(3)) {
      final AtomicInteger wrong = new AtomicInteger();
      final Thread[] callers = new Thread[4];
      for (int i = 0; i < callers.length; i++) {
        callers[i] =
            Thread.ofPlatform()
                .uncaughtExceptionHandler((thread, thrown) -> wrong.incrementAndGet())
                .start(
                    () -> {
                      for (int round = 1; round <= 500; round++) {
                        final Count count = new Count(round % 20);
                        team.run(count, round % 20);
                        count.assertEachRan(1);
                      }
                    });
      }
      for (final Thread caller : callers) {
        caller.join();
      }
      assertEquals(0, wrong.get());
    }
  }

  @Test
  void shouldRunWhatAChunkRunsItself() {
    try (WorkerTeam team = WorkerTeam.open(3)) {
      final Count outer = new Count(6);
      final Count inner = new Count(5);
      team.run(
          (chunk, worker) -> {
            outer.runChunk(chunk, worker);
            team.run(inner, 5);
          },
          6);
      outer.assertEachRan(1);
      inner.assertEachRan(6);
    }
  }

  @Test
  void shouldEndItsThreadsWhenClosed() {
    final WorkerTeam team = WorkerTeam.open(5);
    final Set<Thread> threads = new HashSet<>(Set.of(threadsOf(team)));
    team.close();
    threads.remove(Thread.currentThread());
    for (final Thread thread : threads) {
      assertFalse(thread.isAlive(), thread.getName());
    }
    team.close();
    assertEquals(
        "worker team is closed: expected=open, actual=closed",
        assertThrows(GradusException.class, () -> team.run(new Count(3), 3)).getMessage());
  }

  @Test
  void shouldCloseOnAnInterruptedThread() {
    final WorkerTeam team = WorkerTeam.open(3);
    Thread.currentThread().interrupt();
    final Count count = new Count(9);
    team.run(count, 9);
    team.close();
    assertTrue(Thread.interrupted(), "the interrupt is kept");
    count.assertEachRan(1);
  }

  @Test
  void shouldStartNoThreadForATeamOfOne() {
    try (WorkerTeam team = WorkerTeam.open(1)) {
      final Count count = new Count(10);
      team.run(count, 10);
      count.assertEachRan(1);
      assertEquals(10, zeros(count.workers));
      for (final Thread thread : Thread.getAllStackTraces().keySet()) {
        assertFalse(thread.getName().startsWith("gradus-worker"), thread.getName());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, 1025})
  void shouldRefuseSizesOutOfRange(final int threads) {
    assertEquals(
        "threads out of range: expected=1 to 1024, actual=" + threads,
        assertThrows(GradusException.class, () -> WorkerTeam.open(threads)).getMessage());
  }

  private static void await(final CountDownLatch latch) {
    try {
      latch.await();
    } catch (final InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
