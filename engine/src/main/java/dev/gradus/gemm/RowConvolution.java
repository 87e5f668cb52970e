package dev.gradus.gemm;

import dev.gradus.gemm.generated.MicroKernels;
import dev.gradus.kernel.Activation;
import dev.gradus.kernel.Fill;
import dev.gradus.kernel.KernelMode;
import dev.gradus.kernel.Window;
import dev.gradus.kernel.WindowAxis;
import dev.gradus.memory.OffHeap;
import dev.gradus.memory.Slab;

/**
 * A convolution of few planes, as of an image's colours, without a matrix of columns: lanes are
 * positions next to each other in a row of the output, whose inputs lie next to each other in a
 * padded copy of the image, where a table finds them for each step. A tile is some outputs by a
 * part of a row. {@link KernelMode#VECTOR} alone; the bits are those of the product over columns.
 */
public final class RowConvolution {
  private static final long PANEL_STEP = (long) Tile.COLUMNS * Float.BYTES;

  /** Of the lanes that tiles compute those that are kept: at least so many of eight. */
  private static final int LEAST_EIGHTHS = 5;

  private final Window window;
  private final int planes;
  private final int height;
  private final int width;
  private final int outputs;
  private final int outputHeight;
  private final int outputWidth;
  private final int steps;
  private final int pitch; // floats from row to row of the padded copy
  private final int planeRows;
  private final int[] table; // bytes
  private final float[][] weights;
  private final Fill fill;
  private final EpiloguePass epilogue;

  /**
   * For images of these sizes.
   *
   * @param planes of x.
   * @param outputs planes of y.
   * @param bandRows the most rows of y in one run.
   * @param activation of the outputs, or null.
   * @param workers how many may run at the same time.
   */
  public RowConvolution(
      final Window window,
      final int planes,
      final int height,
      final int width,
      final int outputs,
      final int bandRows,
      final Activation activation,
      final int workers) {
    final WindowAxis horizontal = window.horizontal();
    this.window = window;
    this.planes = planes;
    this.height = height;
    this.width = width;
    this.outputs = outputs;
    this.outputHeight = window.vertical().output(height);
    this.outputWidth = horizontal.output(width);
    this.steps = planes * window.area();
    this.pitch = horizontal.before() + width + horizontal.after();
    this.planeRows = inputRows(bandRows);
    this.table = new int[steps];
    for (int step = 0; step < steps; step++) {
      final int i = step / horizontal.size() % window.vertical().size();
      final int row = step / window.area() * planeRows + i * window.vertical().dilation();
      final int column = step % horizontal.size() * horizontal.dilation();
      table[step] = (row * pitch + column) * Float.BYTES;
    }
    this.weights = new float[workers][outputs * Blocking.ROW_PITCH + Tile.LANES];
    this.fill = Fill.of(KernelMode.VECTOR);
    this.epilogue = new EpiloguePass(Epilogue.forward(false, activation), KernelMode.VECTOR);
  }

  private int inputRows(final int rows) {
    return (rows - 1) * window.vertical().stride() + window.vertical().extent();
  }

  /** Whether this is the faster way. */
  public static boolean suits(final Window window, final int planes, final int width) {
    final int columns = window.horizontal().output(width);
    final int lanes = Math.ceilDiv(columns, Tile.COLUMNS) * Tile.COLUMNS;
    return !window.isPoint()
        && window.horizontal().stride() == 1
        && !ConvolutionSizes.hasSteps(window, planes)
        && (long) planes * window.area() <= Blocking.MAX_STEPS
        && 8L * columns >= (long) LEAST_EIGHTHS * lanes;
  }

  /** Kernel and form for the report. */
  public String description() {
    return VectorGemm.NAME + " rows";
  }

  /** Off-heap bytes of a worker. */
  public long scratchBytes() {
    return imageBytes() + outputs * PANEL_STEP + Tile.ROWS * PANEL_STEP;
  }

  /** Of the padded copy; what a tile reads behind a row is room for one tile behind the last. */
  private long imageBytes() {
    return Slab.aligned(imageFloats() * Float.BYTES);
  }

  private long imageFloats() {
    return (long) planes * planeRows * pitch + Tile.COLUMNS;
  }

  /**
   * Some rows of an image.
   *
   * @param from the first row of y.
   * @param to behind the last.
   * @param x all planes, adjacent.
   * @param filters (output, plane, window).
   * @param bias one float an output, or 0 for none.
   * @param y all planes, adjacent.
   * @param scratch {@link #scratchBytes()} bytes.
   */
  public void run(
      final int worker,
      final int from,
      final int to,
      final long x,
      final long filters,
      final long bias,
      final long y,
      final long scratch) {
    copyRows(x, from * window.vertical().stride() - window.vertical().before(), to - from, scratch);
    final float[] a = weights[worker];
    Packing.rows(filters, (long) steps * Float.BYTES, outputs, steps, 1f, a);
    final long starts = scratch + imageBytes();
    for (int output = 0; bias != 0 && output < outputs; output++) {
      final float start = OffHeap.getFloat(bias + (long) output * Float.BYTES);
      fill.run(starts + output * PANEL_STEP, start, Tile.COLUMNS);
    }
    final float scale = bias == 0 ? 0f : 1f;
    final long edge = starts + outputs * PANEL_STEP;
    final long plane = (long) outputHeight * outputWidth * Float.BYTES;
    final long band = y + (long) from * outputWidth * Float.BYTES;
    final int tiles = Math.ceilDiv(outputs, Tile.ROWS);
    for (int tile = 0; tile < tiles; tile++) {
      final int first = Blocking.start(outputs, tiles, tile);
      final int rows = Blocking.start(outputs, tiles, tile + 1) - first;
      final long init = starts + first * PANEL_STEP;
      final int at = first * Blocking.ROW_PITCH;
      final long target = band + first * plane;
      for (int row = 0; row < to - from; row++) {
        final long in = scratch + (long) row * window.vertical().stride() * pitch * Float.BYTES;
        final long out = target + (long) row * outputWidth * Float.BYTES;
        final boolean last = row == to - from - 1;
        for (int column = 0; column < outputWidth; column += Tile.COLUMNS) {
          final long left = (long) column * Float.BYTES;
          final int count = Math.min(Tile.COLUMNS, outputWidth - column);
          // The next row overwrites what is too much; behind the last one others' planes lie.
          final boolean beside = last && count < Tile.COLUMNS;
          final long c = beside ? edge : out + left;
          final long cRow = beside ? PANEL_STEP : plane;
          MicroKernels.columnsByTable(
              rows, steps, a, at, table, in + left, c, cRow, init, PANEL_STEP, scale);
          if (beside) {
            Packing.tile(edge, PANEL_STEP, rows, count, out + left, plane);
          }
        }
      }
      epilogue.run(target, 0, plane, rows, (to - from) * outputWidth);
    }
  }

  /** The rows of all planes from {@code top} on, and zeros around them. */
  private void copyRows(final long x, final int top, final int rows, final long to) {
    fill.run(to, 0f, imageFloats());
    final int first = Math.max(0, top);
    final int end = Math.min(height, top + inputRows(rows));
    for (int plane = 0; plane < planes; plane++) {
      for (int row = first; row < end; row++) {
        final long target = (long) plane * planeRows + row - top;
        OffHeap.copy(
            x + ((long) plane * height + row) * width * Float.BYTES,
            to + (target * pitch + window.horizontal().before()) * Float.BYTES,
            (long) width * Float.BYTES);
      }
    }
  }
}
