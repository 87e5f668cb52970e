package dev.gradus.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gradus.kernel.Philox;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What transforms do to one image, against double precision and against plain geometry. */
final class ImageTest {
  private static final int CHANNELS = 2;
  private static final int HEIGHT = 9;
  private static final int WIDTH = 12;
  private static final int PLANE = HEIGHT * WIDTH;

  private final float[] before = new float[CHANNELS * PLANE];
  private final Image image = image();
  private final Draws draws = new Draws(7);

  private Image image() {
    for (int i = 0; i < before.length; i++) {
      before[i] = (float) Philox.uniform(3, 0, i) + 0.5f; // none is 0
    }
    return copy();
  }

  private Image copy() {
    final Image copy = new Image(CHANNELS, HEIGHT, WIDTH);
    System.arraycopy(before, 0, copy.pixels(), 0, before.length);
    return copy;
  }

  private float before(final int channel, final int row, final int column) {
    return row < 0 || row >= HEIGHT || column < 0 || column >= WIDTH
        ? 0
        : before[(channel * HEIGHT + row) * WIDTH + column];
  }

  /** The bilinear value at a place, counted from the corner. */
  private double reference(final int channel, final double row, final double column) {
    double sum = 0;
    for (int y = 0; y < HEIGHT; y++) {
      for (int x = 0; x < WIDTH; x++) {
        final double weight =
            Math.max(0, 1 - Math.abs(row - y)) * Math.max(0, 1 - Math.abs(column - x));
        sum += weight * before(channel, y, x);
      }
    }
    return sum;
  }

  @ParameterizedTest
  @CsvSource({
    "0.9,-0.4,1.3,0.4,0.9,-2.1",
    "1,0,0.5,0,1,0.5",
    "1.7,0.2,0,-0.3,0.6,0",
    "-1,0,0.25,0,-1,8.75"
  })
  void shouldResampleAsTheReference(
      final double xx,
      final double xy,
      final double x0,
      final double yx,
      final double yy,
      final double y0) {
    image.map(xx, xy, x0, yx, yy, y0);
    for (int channel = 0; channel < CHANNELS; channel++) {
      for (int row = 0; row < HEIGHT; row++) {
        for (int column = 0; column < WIDTH; column++) {
          final double x = column - 0.5 * (WIDTH - 1);
          final double y = row - 0.5 * (HEIGHT - 1);
          final double expected =
              reference(
                  channel,
                  yx * x + yy * y + y0 + 0.5 * (HEIGHT - 1),
                  xx * x + xy * y + x0 + 0.5 * (WIDTH - 1));
          // Three differences, shares and sums are each rounded, values are below 1.5.
          assertEquals(expected, at(channel, row, column), 8 * 1.5 * 0x1p-24);
        }
      }
    }
  }

  private float at(final int channel, final int row, final int column) {
    return image.pixels()[(channel * HEIGHT + row) * WIDTH + column];
  }

  @Test
  void shouldShiftByWholePixels() {
    final Shift shift = new Shift(3);
    final boolean[][] seen = new boolean[7][7];
    for (int n = 0; n < 1000; n++) {
      draws.start(0, n, 0);
      final int right = draws.below(7) - 3;
      final int down = draws.below(7) - 3;
      seen[right + 3][down + 3] = true;
      draws.start(0, n, 0);
      final Image shifted = copy();
      shift.apply(shifted, draws);
      for (int row = 0; row < HEIGHT; row++) {
        for (int column = 0; column < WIDTH; column++) {
          assertEquals(
              before(1, row - down, column - right),
              shifted.pixels()[PLANE + row * WIDTH + column]);
        }
      }
    }
    for (final boolean[] rights : seen) {
      for (final boolean one : rights) {
        assertTrue(one, "each shift comes");
      }
    }
  }

  @Test
  void shouldMirror() {
    new Flip(1, false).apply(image, draws);
    assertEquals(before(0, 2, 0), at(0, 2, WIDTH - 1));
    assertEquals(before(1, 5, 7), at(1, 5, WIDTH - 8));
    new Flip(1, false).apply(image, draws);
    assertArrayEquals(before, image.pixels());
    new Flip(1, true).apply(image, draws);
    assertEquals(before(1, 0, 4), at(1, HEIGHT - 1, 4));
  }

  @Test
  void shouldMirrorTheShareItWasGiven() {
    int mirrored = 0;
    for (int n = 0; n < 4000; n++) {
      draws.start(1, n, 0);
      final Image one = copy();
      new Flip(0.25, false).apply(one, draws);
      mirrored += one.pixels()[0] == before[0] ? 0 : 1;
    }
    assertEquals(1000, mirrored, 4 * Math.sqrt(4000 * 0.25 * 0.75)); // four deviations
  }

  /** A quarter turn of a square maps pixels to pixels. */
  @Test
  void shouldRotateAboutTheCentre() {
    final int side = 5;
    final Image square = new Image(1, side, side);
    for (int i = 0; i < side * side; i++) {
      square.pixels()[i] = i + 1;
    }
    square.map(0, -1, 0, 1, 0, 0);
    for (int row = 0; row < side; row++) {
      for (int column = 0; column < side; column++) {
        assertEquals(column * side + (side - 1 - row) + 1, square.pixels()[row * side + column]);
      }
    }
  }

  @Test
  void shouldRotateWithinTheAnglesGiven() {
    double least = 90;
    double most = -90;
    for (int n = 0; n < 500; n++) {
      draws.start(2, n, 0);
      final double angle = draws.uniform(-10, 10);
      draws.start(2, n, 0);
      final Image turned = ramp();
      new Rotate(10).apply(turned, draws);
      // Of a ramp to the right, the values' rise to the right is the angle's cosine.
      final float[] values = turned.pixels();
      final int centre = HEIGHT / 2 * WIDTH + WIDTH / 2;
      final double measured =
          Math.toDegrees(
              Math.atan2(
                  values[centre] - values[centre + WIDTH], values[centre + 1] - values[centre]));
      assertEquals(angle, measured, 1e-3);
      least = Math.min(least, measured);
      most = Math.max(most, measured);
    }
    assertTrue(least < -9.5 && most > 9.5 && least > -10.01 && most < 10.01, least + " " + most);
  }

  @Test
  void shouldRotateByAnyAngleAsTheReference() {
    for (int n = 0; n < 200; n++) {
      draws.start(6, n, 0);
      final double angle = Math.toRadians(draws.uniform(-180, 180));
      final Image expected = copy();
      final double cos = Math.cos(angle);
      final double sin = Math.sin(angle);
      expected.map(cos, -sin, 0, sin, cos, 0);
      draws.start(6, n, 0);
      final Image actual = copy();
      new Rotate(180).apply(actual, draws);
      // Places differ by 1e-14 of a pixel, values by that and the rounding of shares.
      assertArrayEquals(expected.pixels(), actual.pixels(), 4 * 0x1p-23f);
    }
  }

  private static Image ramp() {
    final Image ramp = new Image(1, HEIGHT, WIDTH);
    for (int i = 0; i < PLANE; i++) {
      ramp.pixels()[i] = i % WIDTH;
    }
    return ramp;
  }

  @Test
  void shouldScaleAboutTheCentre() {
    for (int n = 0; n < 200; n++) {
      draws.start(3, n, 0);
      final double factor = draws.uniform(0.8, 1.2);
      draws.start(3, n, 0);
      final Image scaled = ramp();
      new Scale(0.2).apply(scaled, draws);
      final float[] values = scaled.pixels();
      final int centre = HEIGHT / 2 * WIDTH + WIDTH / 2;
      assertEquals(1 / factor, values[centre + 1] - values[centre], 1e-5);
      assertEquals(0.5 * (WIDTH - 1), 0.5 * (values[centre] + values[centre - 1]), 1e-5);
    }
  }

  @Test
  void shouldAddNoiseOfItsOwnToEachValue() {
    double sum = 0;
    double squares = 0;
    final int rounds = 100;
    float last = 0;
    for (int n = 0; n < rounds; n++) {
      draws.start(4, n, 0);
      final Image noisy = copy();
      new Noise(0.1).apply(noisy, draws);
      for (int i = 0; i < before.length; i++) {
        final double noise = noisy.pixels()[i] - before[i];
        sum += noise;
        squares += noise * noise;
      }
      assertNotEquals(last, noisy.pixels()[0] - before[0]);
      last = noisy.pixels()[0] - before[0];
    }
    final int count = rounds * before.length;
    assertEquals(0, sum / count, 4 * 0.1 / Math.sqrt(count));
    assertEquals(0.01, squares / count, 4 * 0.01 * Math.sqrt(2.0 / count));
  }

  @Test
  void shouldCutASquareOut() {
    int whole = 0;
    for (int n = 0; n < 500; n++) {
      draws.start(5, n, 0);
      final int top = draws.below(HEIGHT) - 2;
      final int left = draws.below(WIDTH) - 2;
      draws.start(5, n, 0);
      final Image cut = copy();
      new Cutout(4).apply(cut, draws);
      int zeros = 0;
      for (int i = 0; i < before.length; i++) {
        final int row = i % PLANE / WIDTH;
        final int column = i % WIDTH;
        final boolean inside = row >= top && row < top + 4 && column >= left && column < left + 4;
        assertEquals(inside ? 0 : before[i], cut.pixels()[i]);
        zeros += inside ? 1 : 0;
      }
      assertTrue(zeros >= CHANNELS * 4, "at least a corner");
      whole += zeros == CHANNELS * 16 ? 1 : 0;
    }
    assertTrue(whole > 100, "mostly inside");
  }

  /** What moves out and back again is whole, and values are interpolated once. */
  @Test
  void shouldPutMapsTogether() {
    image.map(1, 0, 5, 0, 1, -4);
    image.map(0.5, 0, 0, 0, 0.5, 0);
    image.map(2, 0, 0, 0, 2, 0);
    image.map(1, 0, -5, 0, 1, 4);
    assertArrayEquals(before, image.pixels());
    image.map(1, 0, 5, 0, 1, -4);
    image.pixels();
    image.map(1, 0, -5, 0, 1, 4);
    assertEquals(0, at(0, HEIGHT - 1, 0), "lost where pixels were wanted between");
  }

  @Test
  void shouldApplyMapsInOrder() {
    image.map(1, 0, -2, 0, 1, 0); // to the right
    image.map(-1, 0, 0, 0, 1, 0); // mirrored
    assertEquals(before(0, 3, 0), at(0, 3, WIDTH - 3), "the first column, two in, mirrored");
  }
}
