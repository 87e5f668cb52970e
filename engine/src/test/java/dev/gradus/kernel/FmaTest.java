package dev.gradus.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class FmaTest {
  private static final long SEED = 99;

  @Test
  void shouldRoundOnceWithoutTheInstruction() {
    final SplittableRandom random = new SplittableRandom(SEED);
    for (int i = 0; i < 300_000; i++) {
      final float a = Float.intBitsToFloat(random.nextInt());
      final float b = Float.intBitsToFloat(random.nextInt());
      check(a, b, Float.intBitsToFloat(random.nextInt()));
      // The addend near the product, and near half a unit of it: cancellation and ties.
      final float product = a * b;
      check(a, b, -product);
      check(a, b, product * 0x1p-24f);
      check(a, b, -product * 0x1p-25f);
      check(a, b, Math.ulp(product) * (random.nextInt(9) - 4) * 0.25f);
      // Products half-way between two floats: what is added decides, and is lost in double.
      final float x = 1f + random.nextInt(1024) * 0x1p-12f;
      final float y = 1f + random.nextInt(1024) * 0x1p-12f;
      check(x, y, 0x1p-60f);
      check(x, -y, 0x1p-60f);
      check(x, y, -0x1p-60f);
    }
  }

  @Test
  void shouldKeepSpecialValues() {
    final float[] values = Kernels.strange(SEED, 40);
    for (final float a : values) {
      for (final float b : values) {
        for (final float c : values) {
          check(a, b, c);
        }
      }
    }
  }

  private static void check(final float a, final float b, final float c) {
    final float expected = Math.fma(a, b, c);
    assertSame(expected, Fma.emulated(a, b, c), a, b, c);
    assertSame(expected, Fma.of(a, b, c), a, b, c);
  }

  private static void assertSame(
      final float expected, final float actual, final float a, final float b, final float c) {
    if (Float.floatToIntBits(expected) != Float.floatToIntBits(actual)) {
      assertEquals(expected, actual, a + " * " + b + " + " + c + ", seed " + SEED);
    }
  }
}
