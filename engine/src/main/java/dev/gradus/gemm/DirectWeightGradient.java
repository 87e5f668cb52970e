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

  /** Rows of a tile and filters from which on it beats columns. */
  private static final int LEAST_ROWS = 8;

  private static final int LEAST_FILTERS = 12;

  private final Window window;
  private final int channels;
  private final int height;
  private final int width;
  private final int filters;
  private final int outputHeight;
  private final int outputWidth;
  private final int pitch; // floats from position to position of the turned output gradient
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
    this.pitch = Math.ceilDiv(filters, Tile.COLUMNS) * Tile.COLUMNS;
    this.inputPitch = paddedWidth(window, width) * channels;
    this.runRows = runRows(window, channels);
    this.runs = window.area() * channels / runRows;
    final int most = Math.clamp(Blocking.MAX_STEPS / outputWidth, 1, outputHeight);
    this.bandRows = Math.ceilDiv(outputHeight, Math.ceilDiv(outputHeight, most));
    this.table = new int[bandRows * outputWidth];
    final int down = window.vertical().stride() * inputPitch;
    final int right = window.horizontal().stride() * channels;
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

  /** Elements of a window's row lie next to each other where nothing dilates. */
  private static int runRows(final Window window, final int channels) {
    final WindowAxis horizontal = window.horizontal();
    return horizontal.dilation() == 1 ? horizontal.size() * channels : channels;
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
        && filters >= LEAST_FILTERS
        && (long) height * width >= Tile.LANES
        && (long) window.vertical().output(height) * window.horizontal().output(width) >= Tile.LANES
        && (long) channels * paddedHeight(window, height) * paddedWidth(window, width)
            <= MOST_INPUTS;
  }

  /** Rows of the sums: an element of the window and a channel each. */
  public int sumRows() {
    return window.area() * channels;
  }

  /** Floats of a row of the sums: filters, filled up to whole panels. */
  public int sumPitch() {
    return pitch;
  }

  /** How many pieces the filters can be cut into. */
  public int panels() {
    return pitch / Tile.COLUMNS;
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
    return Slab.aligned((long) outputHeight * outputWidth * pitch * Float.BYTES);
  }

  private long imageBytes() {
    return Slab.aligned((long) height * width * channels * Float.BYTES);
  }

  /**
   * Adds an image to some panels of the sums (element of the window, channel, filter).
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
    turnOutputs(fromPanel * Tile.COLUMNS, toPanel * Tile.COLUMNS, dY, scratch);
    turnImage(x, inputs[worker], scratch + turnedBytes());
    final int down = window.vertical().dilation() * inputPitch;
    final int right = window.horizontal().dilation() * channels;
    final int across = window.horizontal().size() * channels / runRows; // runs in a window's row
    for (int from = 0; from < outputHeight; from += bandRows) {
      final int steps = Math.min(bandRows, outputHeight - from) * outputWidth;
      final int first = from * window.vertical().stride() * inputPitch;
      final long b = scratch + (long) from * outputWidth * pitch * Float.BYTES;
      for (int panel = fromPanel; panel < toPanel; panel++) {
        long out = sums + panel * PANEL_STEP;
        for (int run = 0; run < runs; run++) {
          final int start = first + run / across * down + run % across * right;
          run(steps, inputs[worker], start, b + panel * PANEL_STEP, out);
          out += (long) runRows * pitch * Float.BYTES;
        }
      }
    }
  }

  /** All tiles of a run of rows in one panel. */
  private void run(
      final int steps, final float[] image, final int start, final long b, final long out) {
    final long row = (long) pitch * Float.BYTES;
    final int tiles = Math.ceilDiv(runRows, Tile.ROWS);
    for (int tile = 0; tile < tiles; tile++) {
      final int i = Blocking.start(runRows, tiles, tile);
      final int rows = Blocking.start(runRows, tiles, tile + 1) - i;
      final long c = out + i * row;
      MicroKernels.byTable(rows, steps, image, start + i, table, b, row, c, row, c, row, 1f);
    }
  }

  /** To (position, filter); lanes without a filter are 0, as what is left there may be slow. */
  private void turnOutputs(final int from, final int to, final long dY, final long turned) {
    final int positions = outputHeight * outputWidth;
    if (filters < to) {
      fill.run(turned, 0f, (long) positions * pitch);
    }
    final long plane = (long) positions * Float.BYTES;
    final long row = (long) pitch * Float.BYTES;
    final int count = Math.min(to, filters) - from;
    final long target = turned + (long) from * Float.BYTES;
    final long square = turned + turnedBytes() + imageBytes();
    Packing.turned(dY + from * plane, plane, count, positions, target, row, square);
  }

  /** To (row, column, channel) with padding, which nobody writes. */
  private void turnImage(final long x, final float[] image, final long turned) {
    final long plane = (long) height * width * Float.BYTES;
    final long pixel = (long) channels * Float.BYTES;
    Packing.turned(x, plane, channels, height * width, turned, pixel, turned + imageBytes());
    final int left = window.horizontal().before() * channels;
    for (int row = 0; row < height; row++) {
      final long from = turned + (long) row * width * pixel;
      final int to = (row + window.vertical().before()) * inputPitch + left;
      MemorySegment.copy(OffHeap.ALL, ValueLayout.JAVA_FLOAT, from, image, to, width * channels);
    }
  }

  /** Sets some panels of the sums to 0. */
  public void clear(final int fromPanel, final int toPanel, final long sums) {
    final long count = (long) toPanel * Tile.COLUMNS - (long) fromPanel * Tile.COLUMNS;
    for (int row = 0; row < sumRows(); row++) {
      final long left = sums + (long) row * pitch * Float.BYTES;
      fill.run(left + fromPanel * PANEL_STEP, 0f, count);
    }
  }

  /**
   * Writes sums as weights (filter, channel, element of the window).
   *
   * @param fromRow of the sums, an element and a channel.
   */
  public void store(final int fromRow, final int toRow, final long sums, final long weights) {
    final int area = window.area();
    final long filter = (long) area * channels * Float.BYTES;
    for (int row = fromRow; row < toRow; row++) {
      long from = sums + (long) row * pitch * Float.BYTES;
      long to = weights + ((long) row % channels * area + row / channels) * Float.BYTES;
      for (int f = 0; f < filters; f++) {
        OffHeap.setFloat(to, OffHeap.getFloat(from));
        from += Float.BYTES;
        to += filter;
      }
    }
  }
}
