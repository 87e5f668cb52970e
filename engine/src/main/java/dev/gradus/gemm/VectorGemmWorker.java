package dev.gradus.gemm;

import dev.gradus.gemm.generated.MicroKernels;
import dev.gradus.kernel.KernelMode;
import dev.gradus.kernel.Lanes;
import dev.gradus.memory.OffHeap;

/**
 * One worker's part of {@link VectorGemm}: the loops around the micro-kernels. For each block of k
 * all tiles of C, in one of two orders, see {@link #tilesFirst} and {@link #panelsFirst}.
 *
 * <ul>
 *   <li>Where rows of B lie close to each other, or A has more rows than are packed at once, the
 *       tiles of rows are the outer loop; A is packed tile by tile. Where B can't be in the cache
 *       its rows are fetched in one stream before: a tile reads them in pieces.
 *   <li>Else the panels of B are, one tile's width each. All of A is packed before, a panel just
 *       before use, so that it is still in the first-level cache; for few rows B is read where it
 *       lies.
 *   <li>Whoever multiplies by the same B many times packs all of it once.
 *   <li>Few columns don't repay packing A: those micro-kernels read it where it lies.
 *   <li>A partial tile is computed beside C and copied.
 * </ul>
 */
final class VectorGemmWorker {
  private static final long W = Lanes.F.vectorByteSize();
  private static final long PANEL_STEP = 2 * W;
  private static final long PANEL_BYTES = Blocking.MAX_STEPS * PANEL_STEP;
  private static final long TILE_BYTES = MicroKernels.MAX_ROWS * PANEL_STEP;

  /** A tile at the edge of C, the bias there, and a panel of B. */
  private static final long SCRATCH_BYTES = TILE_BYTES + PANEL_STEP + PANEL_BYTES;

  /** The most columns at a time, where the tiles of rows are the outer loop. */
  private static final int SHARED_COLUMNS = Blocking.SHARED_PANELS * Tile.COLUMNS;

  /** Up to so many columns A is read where it lies. */
  private static final int STRIDED_COLUMNS = 32;

  /** The same where k is one block: rows of A far apart cost more from there on. */
  private static final int SHORT_STRIDED_COLUMNS = Math.max(STRIDED_COLUMNS, 2 * Tile.COLUMNS);

  /**
   * Rows of B so close that a core fetches the next ahead: all tiles of rows read B where it lies.
   */
  private static final long FETCHED_BYTES = 2048;

  private static final int ALL_TILES = Integer.MAX_VALUE;

  /** A product of more operands finds none of them in the second-level cache. */
  private static final long CACHED_BYTES = 2L << 20;

  /** Of these, B: what A and C need beside it fits in as well. */
  private static final long KEPT_BYTES = CACHED_BYTES / 2;

  /** Rows of B less than a page apart; with more, few cache sets hold them all. */
  private static final long NEAR_BYTES = 3584;

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
  private final int directTiles; // the most tiles of rows that read B where it lies
  private final boolean fetches; // B, before it is read there
  private final boolean keepsB; // in the cache, all of it, while tiles of rows go by
  private final PackedA packedA;

  // The task that runs.
  private int m;
  private int n;
  private long a;
  private long b;
  private long c;
  private long aux;
  private long panels;
  private long edge;
  private long edgeBias;
  private long packedB; // 0 where B lies as the caller has it
  private boolean strided;

  // The block of it.
  private long packed; // its panels of B, where they were packed before; else 0
  private long packedPanel; // bytes from one to the next
  private int row;
  private int rows;
  private int step;
  private int steps;
  private boolean lastSteps;

  @SuppressWarnings("unused")
  private int fetched; // so that C2 does not leave the reading out

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
    this.directTiles = directTiles(spec);
    this.fetches = fetches(spec);
    this.keepsB = keepsB(spec);
    this.epilogue = new EpiloguePass(spec.epilogue(), KernelMode.VECTOR);
    this.packedA = new PackedA(spec);
  }

  /**
   * Runs one of as many tasks as {@link Blocking} makes of the product.
   *
   * @param most of them at most; 1 for all of it.
   */
  void run(
      final int task,
      final int most,
      final int runM,
      final int runN,
      final int runK,
      final long runA,
      final long runB,
      final long runC,
      final long runAux,
      final long scratch) {
    begin(runM, runN, runA, runC, runAux, scratch);
    b = runB;
    packedB = 0;
    final int across = Blocking.tasksAcross(runM, runN, runK, most);
    final int down = Blocking.tasksDown(runM, runN, runK, most);
    final int rowFrom = Blocking.start(runM, down, task / across);
    final int rowTo = Blocking.start(runM, down, task / across + 1);
    final int from = Blocking.startColumn(runN, across, task % across);
    final int to = Blocking.startColumn(runN, across, task % across + 1);
    if (bias && beta != 0f) {
      addBias(rowFrom, rowTo, from, to);
    }
    final int k = alpha == 0f ? 0 : runK;
    if (alpha == 1f && !transposeB && (m == 1 || k == 1)) {
      unpacked(rowFrom, rowTo, from, to, k);
    } else {
      final boolean wide = directTiles == ALL_TILES || sharesPanels(rowTo - rowFrom);
      final int width = wide ? SHARED_COLUMNS : to - from;
      for (int column = from; column < to; column += width) {
        blocks(rowFrom, rowTo, column, Math.min(to, column + width), k);
      }
    }
  }

  /** Off-heap bytes beside the operands. */
  static long scratchBytes(final GemmSpec spec) {
    if (directTiles(spec) == ALL_TILES) {
      final int blocks = keepsB(spec) ? Blocking.parts(spec.k(), Blocking.MAX_STEPS) : 1;
      return SCRATCH_BYTES + (blocks - 1) * PANEL_BYTES;
    } else if (!sharesPanels(spec.m())) {
      return SCRATCH_BYTES;
    }
    final int columns = Math.min(spec.n(), SHARED_COLUMNS);
    return SCRATCH_BYTES + (Blocking.parts(columns, Tile.COLUMNS) - 1) * PANEL_BYTES;
  }

  private static int directTiles(final GemmSpec spec) {
    final long row = (long) spec.ldb() * Float.BYTES;
    if (spec.transposeB()) {
      return 0;
    } else if (row <= FETCHED_BYTES) {
      return ALL_TILES;
    }
    return row <= NEAR_BYTES ? 8 : 4;
  }

  private static boolean fetches(final GemmSpec spec) {
    final long operands = (long) spec.m() * (spec.k() + spec.n()) + (long) spec.k() * spec.n();
    return directTiles(spec) == ALL_TILES && operands * Float.BYTES > CACHED_BYTES;
  }

  /**
   * Whether all of B stays in the cache, which the other operands don't. With A transposed, its
   * rows are read far apart, and all of them for each tile: that takes more than C gains.
   */
  private static boolean keepsB(final GemmSpec spec) {
    return fetches(spec)
        && !spec.transposeA()
        && (long) spec.k() * spec.n() * Float.BYTES <= KEPT_BYTES;
  }

  /** Whether A has more rows than are packed at once, so that all panels of B are, to be shared. */
  private static boolean sharesPanels(final int rows) {
    return Blocking.parts(rows, Blocking.MAX_PACKED_ROWS) > 1;
  }

  /** All of B in panels, those of all steps one behind the other, and what packing may add. */
  static long packedBytes(final GemmSpec spec) {
    final long steps = (long) Blocking.parts(spec.n(), Tile.COLUMNS) * spec.k();
    return (steps + Tile.LANES) * PANEL_STEP;
  }

  /** Writes {@link #packedBytes} bytes. */
  void pack(final int columns, final int k, final long from, final long to) {
    n = columns;
    b = from;
    step = 0;
    steps = k;
    packPanels(0, columns, to);
  }

  void runPacked(
      final int runM,
      final int runN,
      final int runK,
      final long runA,
      final long packedBefore,
      final long runC,
      final long runAux,
      final long scratch) {
    begin(runM, runN, runA, runC, runAux, scratch);
    packedB = packedBefore;
    if (bias && beta != 0f) {
      addBias(0, runM, 0, runN);
    }
    blocks(0, runM, 0, runN, alpha == 0f ? 0 : runK);
  }

  private void begin(
      final int runM,
      final int runN,
      final long runA,
      final long runC,
      final long runAux,
      final long scratch) {
    m = runM;
    n = runN;
    a = runA;
    c = runC;
    aux = runAux;
    edge = scratch;
    edgeBias = edge + TILE_BYTES;
    panels = edgeBias + PANEL_STEP;
  }

  /** A single row or a single step: nothing that is read is read twice. */
  private void unpacked(
      final int rowFrom, final int rowTo, final int from, final int to, final int k) {
    final boolean fromBias = bias && beta == 0f;
    final float scale = bias ? 1f : beta;
    final long left = (long) from * Float.BYTES;
    final long out = c + rowFrom * cRow + left;
    final long init = fromBias ? aux + left : out;
    if (m == 1) {
      RowTimesMatrix.run(to - from, k, a, aStep, b + left, bRow, out, init, scale);
    } else {
      final long first = a + rowFrom * aRow;
      final long initRow = fromBias ? 0 : cRow;
      ColumnTimesRow.run(
          rowTo - rowFrom, to - from, first, aRow, b + left, out, cRow, init, initRow, scale);
    }
    epilogue.run(out, aux + rowFrom * cRow + left, cRow, rowTo - rowFrom, to - from);
  }

  private void blocks(
      final int rowFrom, final int rowTo, final int from, final int to, final int k) {
    final int stepBlocks = Blocking.parts(k, Blocking.MAX_STEPS);
    final int inPlace = stepBlocks == 1 ? SHORT_STRIDED_COLUMNS : STRIDED_COLUMNS;
    strided = alpha == 1f && to - from <= inPlace;
    row = rowFrom;
    rows = rowTo - rowFrom;
    final boolean direct = packedB == 0 && directTiles == ALL_TILES;
    if (!strided && (direct || sharesPanels(rows))) {
      tilesFirst(from, to, k, stepBlocks, direct);
    } else {
      for (int block = 0; block < stepBlocks; block++) {
        select(block, stepBlocks, k);
        panelsFirst(from, to);
      }
    }
  }

  private void select(final int block, final int blocks, final int k) {
    step = Blocking.start(k, blocks, block);
    steps = Blocking.start(k, blocks, block + 1) - step;
    lastSteps = block == blocks - 1;
    packed = packedB == 0 ? 0 : packedB + step * PANEL_STEP;
    packedPanel = k * PANEL_STEP;
  }

  /** For each panel all tiles of rows, of which A is packed before. */
  private void panelsFirst(final int from, final int to) {
    if (!strided) {
      packA(0, rows);
    }
    for (int column = from; column < to; column += Tile.COLUMNS) {
      columns(column, Math.min(Tile.COLUMNS, to - column));
    }
    finish(0, rows, from, to);
  }

  /** What comes after the last step, for rows whose columns are complete. */
  private void finish(final int i, final int count, final int from, final int to) {
    if (lastSteps) {
      final long at = (row + i) * cRow + (long) from * Float.BYTES;
      epilogue.run(c + at, aux + at, cRow, count, to - from);
    }
  }

  private void packA(final int i, final int count) {
    packedA.pack(a + row * aRow + step * aStep, i, count, m - row - i, steps);
  }

  /**
   * All panels for one tile's rows, then for the next one's: A's rows are packed just before and
   * stay in the first-level cache, panels come out of the second in one stream, and C is read and
   * written along its rows. Where all of B stays in the second, so are all blocks of k, one after
   * the other, and what one leaves in C is near for the next.
   *
   * @param direct whether B is read where it lies, but for a partial panel.
   */
  private void tilesFirst(
      final int from, final int to, final int k, final int blocks, final boolean direct) {
    final int together = direct && keepsB ? blocks : 1;
    final int tiles = Blocking.parts(rows, Tile.ROWS);
    for (int first = 0; first < blocks; first += together) {
      for (int block = 0; block < together; block++) {
        select(first + block, blocks, k);
        prepareB(from, to, direct, panels + block * PANEL_BYTES);
      }
      for (int tile = 0; tile < tiles; tile++) {
        final int i = Blocking.start(rows, tiles, tile);
        final int tileRows = Blocking.start(rows, tiles, tile + 1) - i;
        for (int block = 0; block < together; block++) {
          select(first + block, blocks, k);
          rowOfTiles(i, tileRows, from, to, direct, panels + block * PANEL_BYTES);
        }
      }
    }
  }

  /** For a block of B: fetches it, and packs what is not read where it lies, nor packed before. */
  private void prepareB(final int from, final int to, final boolean direct, final long own) {
    final int rest = (to - from) % Tile.COLUMNS;
    if (rest > 0) {
      biasAtEdge(to - rest, rest);
    }
    if (direct && fetches) {
      final long bytes = (long) (to - from) * Float.BYTES;
      fetched = Packing.fetch(b + step * bRow + (long) from * Float.BYTES, bRow, steps, bytes);
    }
    if (packed == 0) {
      packPanels(direct ? to - rest : from, to, own);
    }
  }

  /** One tile's rows of a block, with all panels. */
  private void rowOfTiles(
      final int i,
      final int tileRows,
      final int from,
      final int to,
      final boolean direct,
      final long own) {
    packA(i, tileRows);
    final int rest = (to - from) % Tile.COLUMNS;
    final long ready = packed == 0 ? own : packed;
    final long between = packed == 0 ? steps * PANEL_STEP : packedPanel;
    long panel = direct ? b + step * bRow + (long) from * Float.BYTES : ready;
    for (int column = from; column < to - rest; column += Tile.COLUMNS) {
      tile(i, tileRows, column, Tile.COLUMNS, panel, direct ? bRow : PANEL_STEP);
      panel += direct ? PANEL_STEP : between;
    }
    if (rest > 0) {
      tile(i, tileRows, to - rest, rest, direct ? own : panel, PANEL_STEP);
    }
    finish(i, tileRows, from, to);
  }

  /** All rows of the block for the columns of one panel. */
  private void columns(final int column, final int count) {
    final boolean narrow = narrow(count);
    final boolean whole = count == width(count);
    final int inPlace = narrow ? Tile.NARROW_ROWS : Tile.STRIDED_ROWS;
    final int tiles = Blocking.parts(rows, strided ? inPlace : Tile.ROWS);
    final boolean direct = packed == 0 && whole && !transposeB && (strided || tiles <= directTiles);
    long bFrom = panels;
    if (packed != 0) {
      bFrom = packed + column / Tile.COLUMNS * packedPanel;
    } else if (direct) {
      bFrom = b + step * bRow + (long) column * Float.BYTES;
    } else {
      packB(column, count, panels);
    }
    final long bStep = direct ? bRow : PANEL_STEP;
    if (!whole) {
      biasAtEdge(column, count);
    }
    for (int tile = 0; tile < tiles; tile++) {
      final int i = Blocking.start(rows, tiles, tile);
      final int tileRows = Blocking.start(rows, tiles, tile + 1) - i;
      tile(i, tileRows, column, count, bFrom, bStep);
    }
  }

  /** Whether so many columns are computed one vector wide. */
  private boolean narrow(final int count) {
    return strided && count <= Tile.LANES;
  }

  /** Of the tile that computes so many columns. */
  private int width(final int count) {
    return narrow(count) ? Tile.LANES : Tile.COLUMNS;
  }

  /** Whether chains start from the bias. */
  private boolean fromBias() {
    return step == 0 && bias && beta == 0f;
  }

  /** Copies the bias of a partial tile's columns, if any, to where a whole tile may be read. */
  private void biasAtEdge(final int column, final int count) {
    if (fromBias()) {
      Packing.tile(aux + (long) column * Float.BYTES, 0, 1, count, edgeBias, 0);
    }
  }

  private void tile(
      final int i,
      final int tileRows,
      final int column,
      final int count,
      final long bFrom,
      final long bStep) {
    final boolean whole = count == width(count);
    final boolean fromBias = fromBias();
    final float scale = step == 0 && !bias ? beta : 1f;
    final long bytes = (long) column * Float.BYTES;
    final long target = c + (row + i) * cRow + bytes;
    final long out = whole ? target : edge;
    final long outRow = whole ? cRow : PANEL_STEP;
    final long bias0 = whole ? aux + bytes : edgeBias;
    final long init = fromBias ? bias0 : out;
    final long initRow = fromBias ? 0 : outRow;
    if (!whole && !fromBias && scale != 0f) {
      Packing.tile(target, cRow, tileRows, count, edge, outRow);
    }
    if (strided) {
      strided(narrow(count), i, tileRows, bFrom, bStep, out, outRow, init, initRow, scale);
    } else {
      packedA.multiply(i, tileRows, bFrom, bStep, out, outRow, init, initRow, scale);
    }
    if (!whole) {
      Packing.tile(edge, outRow, tileRows, count, target, cRow);
    }
  }

  /**
   * The panels of columns {@code from} to {@code to} of the block of steps, one behind the other.
   */
  private void packPanels(final int from, final int to, final long address) {
    long panel = address;
    for (int column = from; column < to; column += Tile.COLUMNS) {
      packB(column, Math.min(Tile.COLUMNS, to - column), panel);
      panel += steps * PANEL_STEP;
    }
  }

  private void packB(final int column, final int count, final long panel) {
    if (transposeB) {
      final long from = b + column * bRow + (long) step * Float.BYTES;
      Packing.transposed(from, bRow, count, n - column, steps, panel);
    } else {
      Packing.columns(b + step * bRow + (long) column * Float.BYTES, bRow, count, steps, panel);
    }
  }

  private void strided(
      final boolean narrow,
      final int i,
      final int tileRows,
      final long bFrom,
      final long bStep,
      final long out,
      final long outRow,
      final long init,
      final long initRow,
      final float scale) {
    final long at = a + (row + i) * aRow + step * aStep;
    if (narrow) {
      MicroKernels.narrow(
          tileRows, steps, at, aRow, aStep, bFrom, bStep, out, outRow, init, initRow, scale);
    } else {
      MicroKernels.strided(
          tileRows, steps, at, aRow, aStep, bFrom, bStep, out, outRow, init, initRow, scale);
    }
  }

  /** {@code c = beta * c + bias}, for the chains to start from. */
  private void addBias(final int rowFrom, final int rowTo, final int from, final int to) {
    for (int i = rowFrom; i < rowTo; i++) {
      for (int j = from; j < to; j++) {
        final long left = (long) j * Float.BYTES;
        final long at = c + i * cRow + left;
        OffHeap.setFloat(at, Math.fma(beta, OffHeap.getFloat(at), OffHeap.getFloat(aux + left)));
      }
    }
  }
}
