package dev.gradus.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gradus.memory.OffHeap;
import java.lang.foreign.Arena;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class AveragePoolTest {
  private static final int WIDTH = 75;
  private static final int GUARDS = 70; // more than two vectors

  @ParameterizedTest
  @EnumSource(KernelMode.class)
  void shouldTakeMeansOfPairsAndShareThemOut(final KernelMode mode) {
    final int windows = WIDTH / 2;
    final AveragePool pool = AveragePool.of(mode, Window.square(2, 2, 0, 1), false, 2, WIDTH);
    try (Arena arena = Arena.ofConfined()) {
      final long x = allocate(arena, 2 * WIDTH, 0f);
      for (int i = 0; i < 2 * WIDTH; i++) {
        set(x, i, i);
      }
      final long y = allocate(arena, windows, 0f);
      pool.run(x, y);
      final long dX = allocate(arena, 2 * WIDTH, -0f);
      pool.gradient(y, dX);
      for (int i = 0; i < windows; i++) {
        final float mean = 2 * i + (1 + WIDTH) / 2f;
        assertEquals(mean, get(y, i), "window " + i);
        for (final int element : new int[] {2 * i, 2 * i + 1, WIDTH + 2 * i, WIDTH + 2 * i + 1}) {
          assertEquals(mean / 4, get(dX, element), "gradient of element " + element);
        }
      }
      assertEquals(0f, get(dX, WIDTH - 1), "gradient of an element of no window");
    }
  }

  /** 3x3 windows over the elements of a plane of 9s and of padding around it. */
  @ParameterizedTest
  @EnumSource(KernelMode.class)
  void shouldCountPaddingOrNot(final KernelMode mode) {
    final int height = 4;
    final Window window = Window.square(3, 1, 1, 1);
    try (Arena arena = Arena.ofConfined()) {
      final long x = allocate(arena, height * WIDTH, 0f);
      for (int i = 0; i < height * WIDTH; i++) {
        set(x, i, 9f);
      }
      final long y = allocate(arena, height * WIDTH, 0f);
      final long counted = allocate(arena, height * WIDTH, 0f);
      final long dX = allocate(arena, height * WIDTH, -0f);
      AveragePool.of(mode, window, false, height, WIDTH).run(x, y);
      AveragePool.of(mode, window, true, height, WIDTH).run(x, counted);
      AveragePool.of(mode, window, true, height, WIDTH).gradient(x, dX);
      for (int i = 0; i < height * WIDTH; i++) {
        final int row = i / WIDTH;
        final int column = i % WIDTH;
        final int inside =
            (row == 0 || row == height - 1 ? 2 : 3) * (column == 0 || column == WIDTH - 1 ? 2 : 3);
        assertEquals(9f, get(y, i), "element " + i);
        assertEquals(inside, get(counted, i), "element " + i);
        assertEquals(inside, get(dX, i), "gradient of element " + i);
      }
    }
  }

  /** All ways through the vector form: few windows and many, in and across the edges. */
  @ParameterizedTest
  @CsvSource({
    "1, 1, 0, 0, 1",
    "2, 2, 0, 0, 1",
    "2, 2, 1, 1, 1",
    "2, 2, 0, 1, 1",
    "2, 2, 1, 1, 2",
    "2, 1, 0, 0, 1",
    "1, 2, 0, 0, 1",
    "3, 1, 1, 1, 1",
    "3, 1, 2, 1, 2",
    "3, 2, 1, 1, 1",
    "3, 2, 2, 2, 2",
    "5, 2, 2, 1, 1",
    "3, 3, 0, 0, 1",
    "3, 3, 1, 0, 1",
    "2, 3, 1, 0, 1",
    "4, 3, 2, 1, 1",
    "4, 4, 0, 0, 1",
    "2, 5, 0, 0, 2",
    "7, 7, 0, 0, 1",
    "3, 16, 1, 1, 1",
    "2, 17, 0, 0, 1"
  })
  void shouldAgreeWithTheScalarForm(
      final int size, final int stride, final int before, final int after, final int dilation) {
    final WindowAxis axis = new WindowAxis(size, stride, before, after, dilation);
    final Window window = new Window(axis, axis);
    final SplittableRandom random = new SplittableRandom(7);
    int planes = 0;
    for (int width = 1; width <= WIDTH; width++) {
      final int height = 3 + width % 6;
      if (axis.output(width) > 0
          && axis.output(height) > 0
          && axis.coversAlways(width)
          && axis.coversAlways(height)) {
        assertSame(window, (width & 1) == 0, height, width, random);
        assertSame(window, (width & 1) != 0, height, width, random);
        planes++;
      }
    }
    assertTrue(planes > WIDTH / 4, "planes tested: " + planes);
  }

  private static void assertSame(
      final Window window,
      final boolean countPadding,
      final int height,
      final int width,
      final SplittableRandom random) {
    final int windows = window.vertical().output(height) * window.horizontal().output(width);
    final int elements = height * width;
    final AveragePool scalar =
        AveragePool.of(KernelMode.SCALAR, window, countPadding, height, width);
    final AveragePool vector =
        AveragePool.of(KernelMode.VECTOR, window, countPadding, height, width);
    final String where = " of " + height + "x" + width + ", padding counts: " + countPadding;
    try (Arena arena = Arena.ofConfined()) {
      final long x = allocate(arena, elements, Float.NaN);
      fill(x, elements, random);
      final long y = allocate(arena, windows, -0f);
      final long yOfVectors = allocate(arena, windows, -0f);
      scalar.run(x, y);
      vector.run(x, yOfVectors);
      assertSame(y, yOfVectors, windows, "window", where);

      final long dY = allocate(arena, windows, Float.NaN);
      fill(dY, windows, random);
      final long dX = allocate(arena, elements, -0f);
      final long dXOfVectors = allocate(arena, elements, -0f);
      scalar.gradient(dY, dX);
      vector.gradient(dY, dXOfVectors);
      assertSame(dX, dXOfVectors, elements, "gradient of element", where);
    }
  }

  /** The same bits, also of the guards around. */
  private static void assertSame(
      final long expected,
      final long actual,
      final int count,
      final String what,
      final String where) {
    for (int i = -GUARDS; i < count + GUARDS; i++) {
      assertEquals(get(expected, i), get(actual, i), what + " " + i + where);
      if (i < 0 || i >= count) {
        assertEquals(-0f, get(actual, i), "guard " + i + where);
      }
    }
  }

  /**
   * Zeros between guards.
   *
   * @param guard NaN shows where one is added, -0 also where 0 is added to it.
   */
  private static long allocate(final Arena arena, final int count, final float guard) {
    final long bytes = (long) (count + 2 * GUARDS) * Float.BYTES;
    final long x = arena.allocate(bytes, 64).address() + (long) GUARDS * Float.BYTES;
    for (int i = 1; i <= GUARDS; i++) {
      set(x, -i, guard);
      set(x, count - 1 + i, guard);
    }
    return x;
  }

  /** Numbers whose sums depend on their order, and -0, alone and in runs. */
  private static void fill(final long x, final int count, final SplittableRandom random) {
    for (int i = 0; i < count; i++) {
      set(x, i, i / 8 % 4 == 0 || random.nextInt(4) == 0 ? -0f : (float) random.nextGaussian());
    }
  }

  private static void set(final long x, final int index, final float value) {
    OffHeap.setFloat(x + (long) index * Float.BYTES, value);
  }

  private static float get(final long x, final int index) {
    return OffHeap.getFloat(x + (long) index * Float.BYTES);
  }
}
