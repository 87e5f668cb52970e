package dev.gradus.blas;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TileGridTest {
  @ParameterizedTest
  @CsvSource({
    // m, n, k, tiles, side by side
    "0, 5, 5, 0, 1",
    "5, 0, 5, 0, 1",
    "1, 1, 1, 1, 1",
    "5, 5, 0, 1, 1",
    "64, 10, 256, 1, 1",
    "32, 64, 64, 1, 1",
    "64, 256, 784, 2, 2",
    "64, 784, 256, 2, 2",
    "784, 256, 64, 2, 1",
    "128, 1024, 784, 16, 16",
    "256, 256, 784, 8, 4",
    "1024, 1024, 1024, 16, 4",
    "100000, 3, 100, 4, 1",
    "1, 2048, 2048, 1, 1",
    "1, 4096, 4096, 4, 4"
  })
  void shouldCutByShape(final int m, final int n, final int k, final int tiles, final int across) {
    assertEquals(tiles, TileGrid.tiles(m, n, k));
    assertEquals(across, TileGrid.across(m, n, tiles));
  }

  @Test
  void shouldCoverEachElementOnce() {
    for (long seed = 0; seed < 300; seed++) {
      final SplittableRandom random = new SplittableRandom(seed);
      final int m = 1 + random.nextInt(600);
      final int n = 1 + random.nextInt(600);
      final int k = 1 + random.nextInt(3000);
      final String what = m + "x" + n + "x" + k + " seed " + seed;
      final int tiles = TileGrid.tiles(m, n, k);
      final int across = TileGrid.across(m, n, tiles);
      assertEquals(0, tiles % across, what);
      assertParts(m, tiles / across, what);
      assertParts(n, across, what);
    }
  }

  /** Parts follow each other without gap, none empty, of sizes no further apart than a step. */
  private static void assertParts(final int size, final int parts, final String what) {
    assertEquals(0, TileGrid.start(size, parts, 0), what);
    assertEquals(size, TileGrid.start(size, parts, parts), what);
    for (int part = 0; part < parts; part++) {
      final int length = TileGrid.start(size, parts, part + 1) - TileGrid.start(size, parts, part);
      assertTrue(length > 0, what);
      assertTrue(Math.abs(length - size / parts) <= 16, what + ": part of " + length);
    }
  }
}
