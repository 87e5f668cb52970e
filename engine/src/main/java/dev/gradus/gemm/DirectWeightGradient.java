package dev.gradus.gemm;

import dev.gradus.gemm.generated.MicroKernels;
import dev.gradus.kernel.Fill;
import dev.gradus.kernel.KernelMode;
import dev.gradus.kernel.Window;
import dev.gradus.kernel.WindowAxis;
import dev.gradus.memory.OffHeap;
import dev.gradus.memory.Slab;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The gradient of a convolution with respect to its weights, without a matrix of columns: lanes are
 * filters, rows of a tile are channels of the elements of a window's row, steps are positions.
 * Image and output gradient are turned so that channels and filters lie next to each other. {@link
 * dev.gradus.kernel.KernelMode#VECTOR} alone; the bits are those of the product over columns.
 */
public final class DirectWeightGradient {
  private static final long PANEL_STEP = (long) Tile.COLUMNS * Float.BYTES;

  /** The most floats of an image: 1 MiB. */
  private static final long MOST_INPUTS = 1 << 18;

  /** Rows of a tile, and positions it adds up at once, from which on it beats columns. */
  private static final int LEAST_ROWS = 8;

  private static final int LEAST_POSITIONS = 64;

  /** The same of the filters in panels, of which many lanes may be empty, in quarters. */
  private static final int LEAST_QUARTERS = 3;

  /** Channels from which on positions are set apart, to fall into different sets of a cache. */
  private static final int WIDE = 64;

  private final Window window;
  private final int channels;
  private final int height;
  private final int width;
  private final int filters;
  private final int outputHeight;
  private final int outputWidth;
  private final int panels;
  private final int pixel; // floats from position to position of the turned image
  private final int inputPitch; // from row to row of the turned image
  private final int runs; // of adjacent rows
  private final int runRows;
  private final int bandRows; // of the output, in one pass over all tiles
  private final int[] table;
  private final float[][] inputs;
  private final Fill fill;

  /**
   * For images of these sizes.
   *
   * @param channels of a group.
   * @param filters of a group.
   * @param workers how many may run at the same time.
   */
  public DirectWeightGradient(
      final Window window,
      final int channels,
      final int height,
      final int width,
      final int filters,
      final int workers) {
    this.window = window;
    this.channels = channels;
    this.height = height;
    this.width = width;
    this.filters = filters;
    this.outputHeight = window.vertical().output(height);
    this.outputWidth = window.horizontal().output(width);
    this.panels = Math.ceilDiv(filters, Tile.COLUMNS);
    this.pixel = channels < WIDE ? channels : Math.ceilDiv(channels, 16) * 16 | 16;
    this.inputPitch = paddedWidth(window, width) * pixel;
    this.runRows = runRows(window, channels);
    this.runs = window.area() * channels / runRows;
    final int most = Math.clamp(Blocking.MAX_STEPS / outputWidth, 1, outputHeight);
    this.bandRows = Math.ceilDiv(outputHeight, Math.ceilDiv(outputHeight, most));
    this.table = new int[bandRows * outputWidth];
    final int down = window.vertical().stride() * inputPitch;
    final int right = window.horizontal().stride() * pixel;
    for (int step = 0; step < table.length; step++) {
      table[step] = step / outputWidth * down + step % outputWidth * right;
    }
    this.inputs = new float[workers][paddedHeight(window, height) * inputPitch + Tile.COLUMNS];
    this.fill = Fill.of(KernelMode.VECTOR);
  }

  private static int paddedHeight(final Window window, final int height) {
    return height + window.vertical().before() + window.vertical().after();
  }

  private static int paddedWidth(final Window window, final int width) {
    return width + window.horizontal().before() + window.horizontal().after();
  }

  /** Elements of a window's row lie next to each other where few channels and no gaps do. */
  private static int runRows(final Window window, final int channels) {
    final WindowAxis horizontal = window.horizontal();
    return horizontal.dilation() == 1 && channels < WIDE ? horizontal.size() * channels : channels;
  }

  /** Whether this is the faster way. */
  public static boolean suits(
      final Window window,
      final int channels,
      final int height,
      final int width,
      final int filters) {
    return !window.isPoint()
        && runRows(window, channels) >= LEAST_ROWS
        && 4L * filters
            >= (long) LEAST_QUARTERS * Math.ceilDiv(filters, Tile.COLUMNS) * Tile.COLUMNS
        && (long) height * width >= Tile.LANES
        && (long) window.vertical().output(height) * window.horizontal().output(width)
            >= LEAST_POSITIONS
        && (long) channels * paddedHeight(window, height) * paddedWidth(window, width)
            <= MOST_INPUTS;
  }

  /** Rows of all panels of the sums. */
  public int sumRows() {
    return panels * panelRows();
  }

  /** Floats of a row of the sums. */
  public int sumPitch() {
    return Tile.COLUMNS;
  }

  /** Of a panel of the sums: an element of the window and a channel each. */
  private int panelRows() {
    return window.area() * channels;
  }

  /** How many pieces the filters can be cut into. */
  public int panels() {
    return panels;
  }

  /** Kernel and form for the report. */
  public String description() {
    return VectorGemm.NAME + " direct";
  }

  /** Off-heap bytes of a worker. */
  public long scratchBytes() {
    return turnedBytes() + imageBytes() + Packing.SQUARE_BYTES;
  }

  private long turnedBytes() {
    return (long) outputHeight * outputWidth * panels * PANEL_STEP;
  }

  private long imageBytes() {
    return Slab.aligned((long) height * width * pixel * Float.BYTES);
  }

  /**
   * Adds an image to some panels of the sums (panel, element of the window, channel, filter).
   *
   * @param x a group's planes of the image, adjacent.
   * @param dY a group's planes of its output gradient.
   * @param scratch {@link #scratchBytes()} bytes.
   */
  public void add(
      final int worker,
      final int fromPanel,
      final int toPanel,
      final long x,
      final long dY,
      final long sums,
      final long scratch) {
    turnOutputs(fromPanel, toPanel, dY, scratch);
    turnImage(x, inputs[worker], scratch + turnedBytes());
    final int down = window.vertical().dilation() * inputPitch;
    final int right = window.horizontal().dilation() * pixel;
    final int across = window.horizontal().size() * channels / runRows; // runs in a window's row
    for (int from = 0; from < outputHeight; from += bandRows) {
      final int steps = Math.min(bandRows, outputHeight - from) * outputWidth;
      final int first = from * window.vertical().stride() * inputPitch;
      for (int panel = fromPanel; panel < toPanel; panel++) {
        final int position = (panel * outputHeight + from) * outputWidth;
        long out = sums + (long) panel * panelRows() * PANEL_STEP;
        for (int run = 0; run < runs; run++) {
          final int start = first + run / across * down + run % across * right;
          run(steps, inputs[worker], start, scratch + (long) position * PANEL_STEP, out);
          out += runRows * PANEL_STEP;
        }
      }
    }
  }

  /** All tiles of a run of rows in one panel. */
  private void run(
      final int steps, final float[] image, final int start, final long b, final long out) {
    final int tiles = Math.ceilDiv(runRows, Tile.ROWS);
    for (int tile = 0; tile < tiles; tile++) {
      final int i = Blocking.start(runRows, tiles, tile);
      final int rows = Blocking.start(runRows, tiles, tile + 1) - i;
      final long c = out + i * PANEL_STEP;
      MicroKernels.byTable(
          rows, steps, image, start + i, table, b, PANEL_STEP, c, PANEL_STEP, c, PANEL_STEP, 1f);
    }
  }

  /** To (panel, position, filter); lanes without a filter are 0, as what lies there may be slow. */
  private void turnOutputs(final int from, final int to, final long dY, final long turned) {
    final int positions = outputHeight * outputWidth;
    final long plane = (long) positions * Float.BYTES;
    final long square = turned + turnedBytes() + imageBytes();
    for (int panel = from; panel < to; panel++) {
      final int filter = panel * Tile.COLUMNS;
      final int count = Math.min(Tile.COLUMNS, filters - filter);
      final long target = turned + (long) panel * positions * PANEL_STEP;
      if (count < Tile.COLUMNS) {
        fill.run(target, 0f, (long) positions * Tile.COLUMNS);
      }
      Packing.turned(dY + filter * plane, plane, count, positions, target, PANEL_STEP, square);
    }
  }

  /** To (row, column, channel) with padding, which nobody writes. */
  private void turnImage(final long x, final float[] image, final long turned) {
    final long plane = (long) height * width * Float.BYTES;
    final long row = (long) pixel * Float.BYTES;
    Packing.turned(x, plane, channels, height * width, turned, row, turned + imageBytes());
    for (int y = 0; y < height; y++) {
      final int to =
          (y + window.vertical().before()) * inputPitch + window.horizontal().before() * pixel;
      MemorySegment.copy(
          OffHeap.ALL,
          ValueLayout.JAVA_FLOAT,
          turned + (long) y * width * row,
          image,
          to,
          width * pixel);
    }
  }

  /** Sets some panels of the sums to 0. */
  public void clear(final int fromPanel, final int toPanel, final long sums) {
    final long rows = (long) toPanel * panelRows() - (long) fromPanel * panelRows();
    fill.run(sums + (long) fromPanel * panelRows() * PANEL_STEP, 0f, rows * Tile.COLUMNS);
  }

  /**
   * Writes sums as weights (filter, channel, element of the window).
   *
   * @param fromRow of the sums.
   */
  public void store(final int fromRow, final int toRow, final long sums, final long weights) {
    final int area = window.area();
    final long filter = (long) area * channels * Float.BYTES;
    for (int row = fromRow; row < toRow; row++) {
      final int first = row / panelRows() * Tile.COLUMNS;
      final int place = row % panelRows();
      final int weight = place % channels * area + place / channels;
      long from = sums + row * PANEL_STEP;
      long to = weights + first * filter + (long) weight * Float.BYTES;
      for (int f = Math.min(Tile.COLUMNS, filters - first); f > 0; f--) {
        OffHeap.setFloat(to, OffHeap.getFloat(from));
        from += Float.BYTES;
        to += filter;
      }
    }
  }
}
