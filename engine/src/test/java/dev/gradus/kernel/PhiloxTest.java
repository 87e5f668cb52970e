package dev.gradus.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.Test;

final class PhiloxTest {
  private static final long SEED = 12345;

  @Test
  void shouldGiveThePublishedWords() {
    // kat_vectors of the paper's library Random123: counter, key, result.
    assertBlock(0, 0, 0, 0xe169c58d6627e8d5L, 0x9b00dbd8bc57ac4cL);
    assertBlock(-1, -1, -1, 0x41c83b0e408f276dL, 0x6d5451fda20bc7c6L);
    assertBlock(
        0x299f31d0a4093822L,
        0x0370734413198a2eL,
        0x85a308d3243f6a88L,
        0x94fdccebd16cfe09L,
        0x24126ea15001e420L);
  }

  private static void assertBlock(
      final long seed, final long stream, final long block, final long low, final long high) {
    assertEquals(Long.toHexString(low), Long.toHexString(Philox.words(seed, stream, block, false)));
    assertEquals(Long.toHexString(high), Long.toHexString(Philox.words(seed, stream, block, true)));
  }

  @Test
  void shouldFillUniformly() {
    final int count = 100_003;
    final float[] x = filled(count, at -> Philox.uniform(SEED, 1, at, count, -3f, 5f));
    double sum = 0;
    double squares = 0;
    final int[] bins = new int[8];
    for (final float v : x) {
      assertTrue(v >= -3f && v < 5f, () -> "out of range: " + v);
      sum += v;
      squares += (v - 1.0) * (v - 1.0);
      bins[(int) Math.floor(v + 3.0)]++;
    }
    // Five standard errors of mean, variance (kurtosis 1.8) and bin count.
    final double deviation = 8 / Math.sqrt(12);
    assertEquals(1, sum / count, 5 * deviation / Math.sqrt(count));
    final double variance = deviation * deviation;
    assertEquals(variance, squares / count, 5 * variance * Math.sqrt(0.8 / count));
    for (final int bin : bins) {
      assertEquals(count / 8.0, bin, 5 * Math.sqrt(count / 8.0));
    }
  }

  @Test
  void shouldGiveSingleNumbersAsItFills() {
    final float[] uniform = filled(11, at -> Philox.uniform(SEED, 3, at, 11, 0f, 1f));
    final float[] normal = filled(11, at -> Philox.normal(SEED, 3, at, 11, 0f, 1f));
    for (int i = 0; i < 11; i++) {
      assertEquals(uniform[i], (float) Philox.uniform(SEED, 3, i));
      assertEquals(normal[i], (float) Philox.normal(SEED, 3, i));
    }
  }

  @Test
  void shouldStayBelowTheUpperEnd() {
    // 1 + fraction rounds up to 2 for the largest fractions; 2 must not come.
    final int count = 200_000;
    final float[] x = filled(count, at -> Philox.uniform(SEED, 9, at, count, 16777214f, 16777216f));
    for (final float v : x) {
      assertTrue(v >= 16777214f && v < 16777216f, () -> "out of range: " + v);
    }
  }

  @Test
  void shouldFillNormally() {
    final int count = 100_003;
    final float[] x = filled(count, at -> Philox.normal(SEED, 2, at, count, 10f, 2f));
    double sum = 0;
    double squares = 0;
    int withinOne = 0;
    for (final float v : x) {
      final double z = (v - 10.0) / 2;
      sum += z;
      squares += z * z;
      withinOne += Math.abs(z) < 1 ? 1 : 0;
      assertTrue(Math.abs(z) < 6.7, () -> "too far out: " + v);
    }
    // Five standard errors.
    assertEquals(0, sum / count, 5 / Math.sqrt(count));
    assertEquals(1, squares / count, 5 * Math.sqrt(2.0 / count));
    assertEquals(0.682689, withinOne / (double) count, 5 * Math.sqrt(0.2166 / count));
  }

  @Test
  void shouldNotDependOnTheCount() {
    final float[] all = filled(41, at -> Philox.normal(SEED, 3, at, 41, 0f, 1f));
    for (int count = 1; count < 41; count++) {
      final int n = count;
      final float[] some = filled(n, at -> Philox.normal(SEED, 3, at, n, 0f, 1f));
      assertArrayEquals(Arrays.copyOf(all, n), some);
    }
  }

  @Test
  void shouldDifferBySeedAndStream() {
    final float[] x = filled(8, at -> Philox.uniform(SEED, 1, at, 8, 0f, 1f));
    final float[] otherStream = filled(8, at -> Philox.uniform(SEED, 2, at, 8, 0f, 1f));
    final float[] otherSeed = filled(8, at -> Philox.uniform(SEED + 1, 1, at, 8, 0f, 1f));
    for (int i = 0; i < 8; i++) {
      assertTrue(x[i] != otherStream[i] && x[i] != otherSeed[i] && otherStream[i] != otherSeed[i]);
    }
  }

  @Test
  void shouldBoundEvenly() {
    final int bound = 7;
    final int draws = 70_000;
    final int[] seen = new int[bound];
    for (int i = 0; i < draws; i++) {
      seen[Philox.bounded(SEED, 4, i, bound)]++;
    }
    for (final int times : seen) {
      assertEquals(draws / bound, times, 5 * Math.sqrt(draws / (double) bound));
    }
    assertEquals(0, Philox.bounded(SEED, 4, 0, 1));
    for (int i = 0; i < 1000; i++) {
      assertTrue(Philox.bounded(SEED, 5, i, Integer.MAX_VALUE) >= 0);
    }
  }

  private static float[] filled(final int count, final LongConsumer fill) {
    try (Arena arena = Arena.ofConfined()) {
      final GuardedBuffer buffer = new GuardedBuffer(arena, Kernels.poison(count), 4);
      fill.accept(buffer.address());
      return buffer.values("Philox");
    }
  }
}
