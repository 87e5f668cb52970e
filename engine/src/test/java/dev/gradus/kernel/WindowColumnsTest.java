package dev.gradus.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.gradus.memory.OffHeap;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * SIMD against scalar code, for lines shorter and longer than a vector, and nothing beside them.
 */
final class WindowColumnsTest {
  private static final int PLANES = 2;
  private static final float CANARY = -7f;
  private static final int ROOM = 64;

  @ParameterizedTest
  @CsvSource({
    "5, 5, 0",
    "4, 9, 0",
    "3, 9, 0",
    "9, 3, 0",
    "4, 9, 1",
    "13, 13, 0",
    "12, 13, 1",
    "6, 19, 0",
    "6, 35, 1",
    "3, 10, 0",
    "4, 6, 2"
  })
  void shouldGatherTheSameAsScalarCode(final int height, final int width, final int padding) {
    final Window window = Window.square(3, 1, padding, 1);
    final int lines = window.vertical().output(height);
    final int positions = lines * window.horizontal().output(width);
    final int rows = PLANES * window.area();
    try (Arena arena = Arena.ofConfined()) {
      final int elements = PLANES * height * width;
      final long x = arena.allocate((long) elements * Float.BYTES, 64).address();
      for (int i = 0; i < elements; i++) {
        OffHeap.setFloat(x + (long) i * Float.BYTES, i + 1);
      }
      final int total = rows * positions + ROOM;
      final long expected = canaries(arena, total);
      final long actual = canaries(arena, total);
      WindowColumns.of(KernelMode.SCALAR, window, height, width)
          .gather(x, PLANES, 0, lines, expected, positions);
      WindowColumns.of(KernelMode.VECTOR, window, height, width)
          .gather(x, PLANES, 0, lines, actual, positions);
      for (int i = 0; i < total; i++) {
        final long at = (long) i * Float.BYTES;
        assertEquals(OffHeap.getFloat(expected + at), OffHeap.getFloat(actual + at), "at " + i);
      }
      final long behind = actual + (long) rows * positions * Float.BYTES;
      assertEquals(CANARY, OffHeap.getFloat(behind));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "5, 5, 3, 1, 0, 1",
    "4, 9, 3, 1, 1, 1",
    "13, 13, 3, 1, 0, 1",
    "12, 17, 5, 1, 2, 1",
    "9, 19, 3, 1, 2, 2",
    "6, 35, 3, 1, 1, 1",
    "7, 33, 4, 1, 3, 1",
    "9, 9, 3, 2, 1, 1"
  })
  void shouldAddTheSameAsScalarCode(
      final int height,
      final int width,
      final int size,
      final int stride,
      final int padding,
      final int dilation) {
    final Window window = Window.square(size, stride, padding, dilation);
    final int lines = window.vertical().output(height);
    final int across = window.horizontal().output(width);
    final int rows = PLANES * window.area();
    try (Arena arena = Arena.ofConfined()) {
      final int total = PLANES * height * width + 2 * ROOM;
      final long expected = canaries(arena, total);
      final long actual = canaries(arena, total);
      final int pitch = (lines + 1) / 2 * across + 3;
      final long columns = canaries(arena, rows * pitch + 2 * ROOM) + ROOM * Float.BYTES;
      for (int i = 0; i < rows * pitch; i++) {
        OffHeap.setFloat(columns + (long) i * Float.BYTES, 1f / (i + 1));
      }
      final long start = ROOM * Float.BYTES;
      for (int band = 0; band < 2; band++) {
        final int from = band * lines / 2;
        final int to = (band + 1) * lines / 2;
        WindowColumns.of(KernelMode.SCALAR, window, height, width)
            .scatterAdd(expected + start, PLANES, from, to, columns, pitch);
        WindowColumns.of(KernelMode.VECTOR, window, height, width)
            .scatterAdd(actual + start, PLANES, from, to, columns, pitch);
      }
      for (int i = 0; i < total; i++) {
        final long at = (long) i * Float.BYTES;
        final float value = OffHeap.getFloat(expected + at);
        assertEquals(value, OffHeap.getFloat(actual + at), "at " + i);
        assertEquals(i < ROOM || i >= total - ROOM, value == CANARY, "at " + i);
      }
    }
  }

  private static long canaries(final Arena arena, final int count) {
    final MemorySegment segment = arena.allocate((long) count * Float.BYTES, 64);
    for (int i = 0; i < count; i++) {
      OffHeap.setFloat(segment.address() + (long) i * Float.BYTES, CANARY);
    }
    return segment.address();
  }
}
