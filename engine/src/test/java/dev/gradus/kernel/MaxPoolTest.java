package dev.gradus.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.gradus.memory.OffHeap;
import java.lang.foreign.Arena;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class MaxPoolTest {
  private static final int WIDTH = 40;
  private static final int WINDOWS = WIDTH / 2;

  @ParameterizedTest
  @EnumSource(KernelMode.class)
  void shouldTakeLastNanFirstMaximumAndNoPadding(final KernelMode mode) {
    try (Arena arena = Arena.ofConfined()) {
      final long x = arena.allocate(2L * WIDTH * Float.BYTES, 64).address();
      final long y = arena.allocate((long) WINDOWS * Float.BYTES, 64).address();
      final long indices = arena.allocate((long) WINDOWS * Integer.BYTES, 64).address();
      for (int i = 0; i < 2 * WIDTH; i++) {
        OffHeap.setFloat(x + (long) i * Float.BYTES, -1f - i % 3);
      }
      set(x, 2, Float.NaN); // window 1: a number follows
      set(x, 4, Float.NaN);
      set(x, WIDTH + 5, Float.NaN); // window 2: two of them
      for (final int i : new int[] {6, 7, WIDTH + 6, WIDTH + 7}) {
        set(x, i, Float.NEGATIVE_INFINITY); // window 3
      }
      for (final int i : new int[] {8, 9, WIDTH + 8, WIDTH + 9}) {
        set(x, i, -0f); // window 4: all equal
      }
      MaxPool.of(mode, Window.square(2, 2, 0, 1), 2, WIDTH).run(x, y, indices);
      assertWindow(y, indices, 0, -1f, 0);
      assertWindow(y, indices, 1, Float.NaN, 2);
      assertWindow(y, indices, 2, Float.NaN, WIDTH + 5);
      assertWindow(y, indices, 3, Float.NEGATIVE_INFINITY, 6);
      assertWindow(y, indices, 4, -0f, 8);
      assertWindow(y, indices, WINDOWS - 1, -1f, WIDTH - 1);
    }
  }

  private static void set(final long x, final int index, final float value) {
    OffHeap.setFloat(x + (long) index * Float.BYTES, value);
  }

  private static void assertWindow(
      final long y, final long indices, final int window, final float value, final int index) {
    assertEquals(value, OffHeap.getFloat(y + (long) window * Float.BYTES));
    assertEquals(index, OffHeap.getInt(indices + (long) window * Integer.BYTES));
  }
}
