package dev.gradus.gemm;

import dev.gradus.gemm.generated.MicroKernels;

/**
 * Rows of A as the micro-kernels read them: a heap array, which C2 needs to leave out its bounds
 * checks, with the rows side by side or, where A is transposed, the steps.
 */
final class PackedA {
  private final boolean transposed;
  private final float alpha;
  private final long row;
  private final long step;
  private final float[] values;
  private int first; // row of the block
  private int steps;

  /** Empty, with room for {@link Blocking#MAX_PACKED_ROWS} rows. */
  PackedA(final GemmSpec spec) {
    this.transposed = spec.transposeA();
    this.alpha = spec.alpha();
    this.row = (transposed ? 1L : spec.lda()) * Float.BYTES;
    this.step = (transposed ? spec.lda() : 1L) * Float.BYTES;
    final int rows = Math.min(spec.m(), Blocking.MAX_PACKED_ROWS);
    this.values = new float[rows * Blocking.ROW_PITCH + Tile.LANES];
  }

  /**
   * Packs some rows of a block, in tiles, in place of what was packed before.
   *
   * @param block address of its first element.
   * @param i the first of them.
   * @param count of them.
   * @param readable how many rows from the first on may be read.
   * @param blockSteps of its steps, all.
   */
  void pack(
      final long block, final int i, final int count, final int readable, final int blockSteps) {
    first = i;
    steps = blockSteps;
    final long from = block + i * row;
    if (!transposed) {
      Packing.rows(from, row, count, steps, alpha, values);
      return;
    }
    final int tiles = Blocking.parts(count, Tile.ROWS);
    for (int tile = 0; tile < tiles; tile++) {
      final int t = Blocking.start(count, tiles, tile);
      final int tileRows = Blocking.start(count, tiles, tile + 1) - t;
      Packing.steps(from + t * row, step, tileRows, readable - t, steps, alpha, values, t * steps);
    }
  }

  /** {@code out = init * scale + A B} for a tile of rows that are packed, from the block's i-th. */
  void multiply(
      final int i,
      final int tileRows,
      final long b,
      final long bStep,
      final long out,
      final long outRow,
      final long init,
      final long initRow,
      final float scale) {
    if (transposed) {
      final int at = (i - first) * steps;
      MicroKernels.packedByStep(
          tileRows, steps, values, at, b, bStep, out, outRow, init, initRow, scale);
    } else {
      final int at = (i - first) * Blocking.ROW_PITCH;
      MicroKernels.packedByRow(
          tileRows, steps, values, at, b, bStep, out, outRow, init, initRow, scale);
    }
  }
}
