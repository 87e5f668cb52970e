package dev.gradus.blas;

/**
 * How C is cut into tiles, from its shape alone. OpenBLAS packs op(A) and op(B) anew for each call,
 * so a tile is cut only where another thread repays that. Measured on Zen 3 on one thread, whole
 * against cut in two and in four, GFLOP/s: 64x256x784 63, 61, 57 along n and 63, 49, 35 along m;
 * 784x256x64 70, 69, 66 along m; 1024 cubed 89, 85, 83.
 */
final class TileGrid {
  private static final int MAX_TILES = 16;

  /** The least work of a tile, in multiply-adds: some 80 microseconds at 100 GFLOP/s. */
  private static final long MIN_TILE_WORK = 1L << 22;

  private static final int MIN_TILE_SIDE = 64;

  /** A tile starts at a multiple of a cache line, where C does. */
  private static final int STEP = 16;

  private TileGrid() {}

  /** The number of tiles: a power of two, or 0 where C is empty. */
  static int tiles(final int m, final int n, final int k) {
    if (m == 0 || n == 0) {
      return 0;
    }
    final long most = Math.min(MAX_TILES, (long) m * n * k / MIN_TILE_WORK);
    int tiles = 1;
    int rows = m;
    int columns = n;
    while (tiles * 2L <= most && Math.max(rows, columns) >= 2 * MIN_TILE_SIDE) {
      if (columns >= rows) {
        columns /= 2;
      } else {
        rows /= 2;
      }
      tiles *= 2;
    }
    return tiles;
  }

  /** How many of the tiles lie side by side along n. */
  static int across(final int m, final int n, final int tiles) {
    int across = 1;
    int rows = m;
    int columns = n;
    for (int left = tiles; left > 1; left /= 2) {
      if (columns >= rows) {
        columns /= 2;
        across *= 2;
      } else {
        rows /= 2;
      }
    }
    return across;
  }

  /**
   * Where part {@code index} of {@code parts} even ones starts; {@code size} for the last's end.
   */
  static int start(final int size, final int parts, final int index) {
    final int even = (int) ((long) size * index / parts);
    return index == parts ? size : even / STEP * STEP;
  }
}
