package dev.gradus.gemm;

import dev.gradus.gemm.generated.MicroKernels;
import dev.gradus.kernel.KernelMode;
import dev.gradus.kernel.Lanes;
import dev.gradus.memory.OffHeap;

/**
 * One worker's part of {@link VectorGemm}: the packed block of A, which must be a heap array for C2
 * to leave out its bounds checks, and the loops around the micro-kernels.
 */
final class VectorGemmWorker {
  private static final long W = Lanes.F.vectorByteSize();
  private static final long PANEL_BYTES = Blocking.MAX_STEPS * 2 * W;
  private static final long TILE_BYTES = MicroKernels.MAX_ROWS * 2 * W;

  /** A panel of B, a tile at the edge of C, and the bias there. */
  static final long SCRATCH_BYTES = PANEL_BYTES + TILE_BYTES + 2 * W;

  private final boolean transposeA;
  private final boolean transposeB;
  private final float alpha;
  private final float beta;
  private final boolean bias;
  private final long aRow;
  private final long aStep;
  private final long bRow;
  private final long cRow;
  private final EpiloguePass epilogue;
  private final float[] packedA;

  // Of the task that runs.
  private int m;
  private int n;
  private int k;
  private long a;
  private long b;
  private long c;
  private long aux;
  private long panel;
  private long edge;
  private long edgeBias;

  VectorGemmWorker(final GemmSpec spec) {
    this.transposeA = spec.transposeA();
    this.transposeB = spec.transposeB();
    this.alpha = spec.alpha();
    this.beta = spec.beta();
    this.bias = spec.epilogue().bias();
    this.aRow = (transposeA ? 1L : spec.lda()) * Float.BYTES;
    this.aStep = (transposeA ? spec.lda() : 1L) * Float.BYTES;
    this.bRow = (long) spec.ldb() * Float.BYTES;
    this.cRow = (long) spec.ldc() * Float.BYTES;
    this.epilogue = new EpiloguePass(spec.epilogue(), KernelMode.VECTOR);
    final int rows = Math.min(spec.m(), Blocking.MAX_PACKED_ROWS);
    this.packedA = new float[rows * Blocking.ROW_PITCH + Tile.LANES];
  }

  void run(
      final int task,
      final int runM,
      final int runN,
      final int runK,
      final long runA,
      final long runB,
      final long runC,
      final long runAux,
      final long scratch) {
    m = runM;
    n = runN;
    k = alpha == 0f ? 0 : runK;
    a = runA;
    b = runB;
    c = runC;
    aux = runAux;
    panel = scratch;
    edge = scratch + PANEL_BYTES;
    edgeBias = edge + TILE_BYTES;
    final int tasks = Blocking.tasks(runM, runN, runK);
    final int across = Blocking.tasksAcross(runM, runN, tasks);
    final int down = tasks / across;
    final int panels = Blocking.parts(runN, Tile.COLUMNS);
    final int row = task / across;
    final int column = task % across;
    block(
        Blocking.start(runM, down, row),
        Blocking.start(runM, down, row + 1),
        Blocking.start(panels, across, column) * Tile.COLUMNS,
        Math.min(runN, Blocking.start(panels, across, column + 1) * Tile.COLUMNS));
  }

  private void block(final int rowFrom, final int rowTo, final int from, final int to) {
    if (bias && beta != 0f) {
      addBias(rowFrom, rowTo, from, to);
    }
    final int blocks = Blocking.parts(k, Blocking.MAX_STEPS);
    final int rowBlocks = Blocking.parts(rowTo - rowFrom, Blocking.MAX_PACKED_ROWS);
    final boolean strided = alpha == 1f && to - from <= STRIDED_COLUMNS;
    for (int index = 0; index < blocks; index++) {
      final int step = Blocking.start(k, blocks, index);
      final int steps = Blocking.start(k, blocks, index + 1) - step;
      for (int rowBlock = 0; rowBlock < rowBlocks; rowBlock++) {
        final int row = rowFrom + Blocking.start(rowTo - rowFrom, rowBlocks, rowBlock);
        final int rows = rowFrom + Blocking.start(rowTo - rowFrom, rowBlocks, rowBlock + 1) - row;
        final int tiles = Blocking.parts(rows, Tile.ROWS);
        if (!strided) {
          packA(row, rows, tiles, step, steps);
        }
        for (int column = from; column < to; column += Tile.COLUMNS) {
          strip(row, rows, column, Math.min(Tile.COLUMNS, to - column), step, steps, strided);
        }
        if (index == blocks - 1) {
          final long at = row * cRow + (long) from * Float.BYTES;
          epilogue.run(c + at, aux + at, cRow, rows, to - from);
        }
      }
    }
  }

  private static final int STRIDED_COLUMNS = 32;
  private static final int DIRECT_ROWS = 16;

  private void packA(
      final int row, final int rows, final int tiles, final int step, final int steps) {
    final long from = a + row * aRow + step * aStep;
    if (!transposeA) {
      Packing.rows(from, aRow, rows, steps, alpha, packedA);
      return;
    }
    for (int tile = 0; tile < tiles; tile++) {
      final int first = Blocking.start(rows, tiles, tile);
      final int count = Blocking.start(rows, tiles, tile + 1) - first;
      final int readable = m - row - first;
      Packing.steps(
          from + (long) first * Float.BYTES,
          aStep,
          count,
          readable,
          steps,
          alpha,
          packedA,
          first * steps);
    }
  }

  /** All rows of one panel of columns. */
  private void strip(
      final int row,
      final int rows,
      final int column,
      final int columns,
      final int step,
      final int steps,
      final boolean strided) {
    final boolean whole = columns == Tile.COLUMNS;
    final boolean first = step == 0;
    final boolean fromBias = first && bias && beta == 0f;
    final float scale;
    if (!first || fromBias || (bias && beta != 0f)) {
      scale = 1f;
    } else {
      scale = beta;
    }
    final long left = (long) column * Float.BYTES;
    final long bFrom;
    final long bStep;
    if (transposeB) {
      Packing.transposed(
          b + column * bRow + (long) step * Float.BYTES, bRow, columns, steps, panel);
      bFrom = panel;
      bStep = 2 * W;
    } else if (whole && rows <= DIRECT_ROWS) {
      bFrom = b + step * bRow + left;
      bStep = bRow;
    } else {
      Packing.columns(b + step * bRow + left, bRow, columns, steps, panel);
      bFrom = panel;
      bStep = 2 * W;
    }
    final boolean narrow = columns <= Tile.LANES && strided;
    final int tiles = Blocking.parts(rows, narrow ? Tile.NARROW_ROWS : Tile.ROWS);
    if (fromBias && !whole) {
      Packing.tile(aux + left, 0, 1, columns, edgeBias, 0);
    }
    for (int tile = 0; tile < tiles; tile++) {
      final int i = Blocking.start(rows, tiles, tile);
      final int count = Blocking.start(rows, tiles, tile + 1) - i;
      final long target = c + (row + i) * cRow + left;
      final long out = whole ? target : edge;
      final long outRow = whole ? cRow : 2 * W;
      final long init;
      final long initRow;
      if (fromBias) {
        init = whole ? aux + left : edgeBias;
        initRow = 0;
      } else {
        init = out;
        initRow = outRow;
        if (!whole && scale != 0f) {
          Packing.tile(target, cRow, count, columns, edge, outRow);
        }
      }
      if (narrow) {
        final long at = a + (row + i) * aRow + step * aStep;
        MicroKernels.narrow(
            count, steps, at, aRow, aStep, bFrom, bStep, out, outRow, init, initRow, scale);
      } else if (strided) {
        final long at = a + (row + i) * aRow + step * aStep;
        MicroKernels.strided(
            count, steps, at, aRow, aStep, bFrom, bStep, out, outRow, init, initRow, scale);
      } else if (transposeA) {
        MicroKernels.packedByStep(
            count, steps, packedA, i * steps, bFrom, bStep, out, outRow, init, initRow, scale);
      } else {
        MicroKernels.packedByRow(
            count,
            steps,
            packedA,
            i * Blocking.ROW_PITCH,
            bFrom,
            bStep,
            out,
            outRow,
            init,
            initRow,
            scale);
      }
      if (!whole) {
        Packing.tile(edge, outRow, count, columns, target, cRow);
      }
    }
  }

  /** {@code c = beta * c + bias}, for the chains to start from. */
  private void addBias(final int rowFrom, final int rowTo, final int from, final int to) {
    for (int row = rowFrom; row < rowTo; row++) {
      for (int column = from; column < to; column++) {
        final long left = (long) column * Float.BYTES;
        final long at = c + row * cRow + left;
        OffHeap.setFloat(at, Math.fma(beta, OffHeap.getFloat(at), OffHeap.getFloat(aux + left)));
      }
    }
  }
}
