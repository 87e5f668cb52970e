package dev.gradus.bench.work;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

final class SteadyTest {
  private int runs;
  private int[] garbage;

  @Test
  void shouldGoOnWhileThereIsGarbage() {
    Steady.run(
        () -> {
          if (++runs <= 100) {
            garbage = new int[10_000];
          }
        });
    assertTrue(runs >= 120, "runs: " + runs);
    assertEquals(10_000, garbage.length);
  }

  @Test
  void shouldGoOnWhileRunsGetFaster() {
    Steady.run(
        () -> {
          final long millis = runs < 10 ? 40 >> (runs / 2) : 0;
          LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
          runs++;
        });
    assertTrue(runs >= 30, "runs: " + runs);
  }

  @Test
  void shouldRefuseWhatMakesGarbageForEver() {
    final IllegalStateException error =
        assertThrows(
            IllegalStateException.class, () -> Steady.run(() -> garbage = new int[10_000], 1));
    assertTrue(
        error.getMessage().startsWith("an operation of a benchmark makes garbage: "), "" + error);
  }

  @Test
  void shouldAllowALongOperationLittleGarbage() {
    Steady.run(
        () -> {
          garbage = new int[10_000];
          LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
          runs++;
        },
        1);
    assertTrue(runs >= 2, "runs: " + runs);
    assertEquals(10_000, garbage.length);
  }

  @Test
  void shouldRunOftenEnoughForC2() {
    Steady.often(() -> runs++, Long.MAX_VALUE);
    assertEquals(6000, runs);
  }

  @Test
  void shouldRunALongOperationNoLongerThanAsked() {
    Steady.often(() -> runs++, 0);
    assertEquals(1, runs);
  }
}
