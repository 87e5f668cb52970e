package dev.gradus.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.gradus.memory.OffHeap;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class MaxPoolTest {
  private static final int WIDTH = 40;
  private static final int WINDOWS = WIDTH / 2;
  private static final float[] SLOPES = {0f, -0f, 1.5f, -2f, Float.NaN, Float.POSITIVE_INFINITY};

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

  /** All ways through the vector form: few windows and many, in and across the edges. */
  @ParameterizedTest
  @CsvSource({
    "2, 2, 0, 1",
    "2, 2, 1, 1",
    "2, 2, 0, 2",
    "2, 1, 0, 1",
    "3, 2, 1, 1",
    "3, 1, 1, 1",
    "3, 3, 0, 1"
  })
  void shouldAgreeWithTheScalarForm(
      final int size, final int stride, final int padding, final int dilation) {
    final Window window = Window.square(size, stride, padding, dilation);
    final SplittableRandom random = new SplittableRandom(7);
    for (int width = 5; width <= 45; width++) {
      final int height = 5 + width % 4;
      final int windows = window.vertical().output(height) * window.horizontal().output(width);
      try (Arena arena = Arena.ofConfined()) {
        final long x = arena.allocate((long) height * width * Float.BYTES, 64).address();
        for (int i = 0; i < height * width; i++) {
          final int value = random.nextInt(8); // ties
          set(x, i, value == 7 && random.nextInt(4) == 0 ? Float.NaN : value - 4);
        }
        final long[] out = new long[4];
        for (int i = 0; i < out.length; i++) {
          out[i] = arena.allocate((long) windows * Float.BYTES, 64).address();
        }
        MaxPool.of(KernelMode.SCALAR, window, height, width).run(x, out[0], out[1]);
        MaxPool.of(KernelMode.VECTOR, window, height, width).run(x, out[2], out[3]);
        for (int i = 0; i < windows; i++) {
          final long at = (long) i * Float.BYTES;
          final String where = "window " + i + " of " + height + "x" + width;
          assertEquals(OffHeap.getFloat(out[0] + at), OffHeap.getFloat(out[2] + at), where);
          assertEquals(OffHeap.getInt(out[1] + at), OffHeap.getInt(out[3] + at), where);
        }
      }
    }
  }

  /** Also NaN and -0, which added to 0 is 0. */
  @ParameterizedTest
  @CsvSource({"2, 2, 0, 1", "2, 3, 0, 2", "3, 3, 1, 1", "1, 2, 0, 1", "2, 1, 0, 1", "5, 5, 0, 1"})
  void shouldSpreadTheGradientAsTheScalarForm(
      final int size, final int stride, final int padding, final int dilation) {
    final Window window = Window.square(size, stride, padding, dilation);
    final SplittableRandom random = new SplittableRandom(8);
    for (int width = 5; width <= 75; width++) {
      final int height = 5 + width % 7;
      final int windows = window.vertical().output(height) * window.horizontal().output(width);
      final float[] plane = Kernels.normal(width, height * width, 1);
      final float[] slopes = new float[windows];
      for (int i = 0; i < windows; i++) {
        slopes[i] = SLOPES[random.nextInt(SLOPES.length)];
      }
      try (Arena arena = Arena.ofConfined()) {
        final long x = new GuardedBuffer(arena, plane, 4).address();
        final long y = new GuardedBuffer(arena, slopes, 4).address();
        final long indices = new GuardedBuffer(arena, slopes, 4).address();
        MaxPool.of(KernelMode.SCALAR, window, height, width).run(x, y, indices);
        final long dY = new GuardedBuffer(arena, slopes, 4).address();
        Arrays.fill(plane, Float.NaN);
        final List<int[]> bits = new ArrayList<>();
        for (final KernelMode mode : KernelMode.values()) {
          final GuardedBuffer dX = new GuardedBuffer(arena, plane, 4);
          MaxPoolGradient.of(mode, window, height, width).run(indices, dY, dX.address());
          final int[] result = new int[plane.length];
          final float[] values = dX.values("gradient");
          Arrays.setAll(result, i -> Float.floatToRawIntBits(values[i]));
          bits.add(result);
        }
        assertArrayEquals(bits.get(0), bits.get(1), height + "x" + width);
      }
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
