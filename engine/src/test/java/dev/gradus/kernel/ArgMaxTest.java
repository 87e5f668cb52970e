package dev.gradus.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.Arena;
import org.junit.jupiter.api.Test;

final class ArgMaxTest {
  private static final float INF = Float.POSITIVE_INFINITY;
  private static final float NAN = Float.NaN;

  @Test
  void shouldFindTheFirstLargest() {
    assertEquals(0, argMax(5f));
    assertEquals(2, argMax(1f, 2f, 3f));
    assertEquals(1, argMax(-3f, -1f, -1f, -2f));
    assertEquals(1, argMax(0f, INF, INF));
  }

  @Test
  void shouldPassOverNotANumber() {
    assertEquals(1, argMax(NAN, 3f, NAN, 2f));
    assertEquals(0, argMax(NAN, NAN));
    assertEquals(0, argMax(-INF, -INF));
  }

  private static int argMax(final float... x) {
    try (Arena arena = Arena.ofConfined()) {
      return ArgMax.index(new GuardedBuffer(arena, x, 4).address(), x.length);
    }
  }

  @Test
  void shouldCountCorrectRows() {
    final float[] scores = {1f, 2f, 0f, 7f, 6f, 5f, 0f, 0f, 1f, 3f, 2f, 3f};
    final float[] labels = {
      Float.intBitsToFloat(1),
      Float.intBitsToFloat(1),
      Float.intBitsToFloat(2),
      Float.intBitsToFloat(0)
    };
    try (Arena arena = Arena.ofConfined()) {
      final long x = new GuardedBuffer(arena, scores, 4).address();
      final long l = new GuardedBuffer(arena, labels, 4).address();
      assertEquals(3, ArgMax.correct(x, l, 4, 3));
      assertEquals(1, ArgMax.correct(x, l, 2, 3));
      assertEquals(0, ArgMax.correct(x, l, 0, 3));
    }
  }
}
