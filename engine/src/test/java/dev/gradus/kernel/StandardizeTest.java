package dev.gradus.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.lang.foreign.Arena;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Normalisation of stretches that lie apart, near each other and far, as channels of images do. */
final class StandardizeTest {
  private static final long SEED = 20261123;
  private static final float MEAN = 0.25f;
  private static final float FACTOR = 1.5f;
  private static final float SHIFT = -0.75f;

  @ParameterizedTest
  @CsvSource({
    "VECTOR, 5, 50, 37",
    "SCALAR, 5, 50, 37",
    // Together more than 1 MiB: of a page and less, and of more than a page.
    "VECTOR, 300, 1000, 37",
    "VECTOR, 40, 7000, 1500",
    "SCALAR, 40, 7000, 1500"
  })
  void shouldWriteStretchesAloneWhereTheyLieApart(
      final KernelMode mode, final int stretches, final int apart, final int count) {
    final float[] x = Kernels.normal(SEED, (stretches - 1) * apart + count, 2);
    final float[] untouched = new float[x.length];
    Arrays.fill(untouched, 7f);
    final float[] expected = untouched.clone();
    for (int stretch = 0; stretch < stretches; stretch++) {
      for (int i = stretch * apart; i < stretch * apart + count; i++) {
        expected[i] = (x[i] - MEAN) * FACTOR + SHIFT;
      }
    }
    try (Arena arena = Arena.ofConfined()) {
      final GuardedBuffer input = new GuardedBuffer(arena, x, 4);
      final GuardedBuffer output = new GuardedBuffer(arena, untouched, 4);
      run(mode, input, output, stretches, apart, count);
      assertArrayEquals(x, input.values("reading"));
      assertArrayEquals(expected, output.values("writing"));
    }
  }

  @ParameterizedTest
  @EnumSource(KernelMode.class)
  void shouldNormaliseInPlace(final KernelMode mode) {
    final int stretches = 300;
    final int count = 1000;
    final float[] x = Kernels.normal(SEED + 1, stretches * count, 2);
    final float[] expected = new float[x.length];
    for (int i = 0; i < x.length; i++) {
      expected[i] = (x[i] - MEAN) * FACTOR + SHIFT;
    }
    try (Arena arena = Arena.ofConfined()) {
      final GuardedBuffer buffer = new GuardedBuffer(arena, x, 0);
      run(mode, buffer, buffer, stretches, count, count);
      assertArrayEquals(expected, buffer.values("in place"));
    }
  }

  private static void run(
      final KernelMode mode,
      final GuardedBuffer x,
      final GuardedBuffer y,
      final int stretches,
      final int apart,
      final int count) {
    final long bytes = (long) apart * Float.BYTES;
    Standardize.of(mode)
        .run(x.address(), MEAN, FACTOR, SHIFT, y.address(), stretches, bytes, count);
  }
}
