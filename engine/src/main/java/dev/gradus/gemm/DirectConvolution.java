package dev.gradus.gemm;

import dev.gradus.gemm.generated.MicroKernels;
import dev.gradus.kernel.Activation;
import dev.gradus.kernel.Fma;
import dev.gradus.kernel.KernelMode;
import dev.gradus.kernel.WindowAxis;
import dev.gradus.memory.OffHeap;
import dev.gradus.memory.Slab;

/**
 * A convolution without a matrix of columns: lanes are output planes, rows of a tile are positions
 * next to each other, whose inputs lie next to each other, too. So an image is copied once, with
 * its padding, and a tile finds the inputs of each step by a table; weights are packed once for all
 * images.
 *
 * <p>Every output is one chain of fused multiply-adds that starts from the bias, in the order of
 * {@link Blocking#MAX_STEPS blocks} of input planes, rows of the window, planes, elements of the
 * row; rows of the window that are padding are left out. It depends on the sizes alone, so that all
 * modes, widths of vectors and numbers of threads give the same bits.
 *
 * <p>Source: Georganas et al., Anatomy of High-Performance Deep Learning Convolutions on SIMD
 * Architectures, 2018, for lanes along output planes.
 */
public abstract class DirectConvolution {
  final ConvolutionSizes sizes;
  final int columns; // outputs of a panel
  final int panels;
  private final int inputPitch;
  private final int planeFloats;
  private final EpiloguePass epilogue;
  private final int[] table;
  private final float[][] inputs;

  private DirectConvolution(
      final ConvolutionSizes sizes,
      final Activation activation,
      final KernelMode mode,
      final int columns,
      final int workers) {
    this.sizes = sizes;
    this.columns = columns;
    this.panels = Math.ceilDiv(sizes.outputs(), columns);
    this.inputPitch = sizes.pitch();
    this.planeFloats = apart(sizes.inputRows(sizes.bandRows()) * inputPitch);
    this.epilogue = new EpiloguePass(Epilogue.forward(false, activation), mode);
    final WindowAxis horizontal = sizes.window().horizontal();
    this.table = new int[sizes.blockPlanes() * horizontal.size()];
    for (int step = 0; step < table.length; step++) {
      table[step] =
          step / horizontal.size() * planeFloats + step % horizontal.size() * horizontal.dilation();
    }
    this.inputs = new float[workers][sizes.planes() * planeFloats + columns];
  }

  /** So many or some more, so that planes fall into different sets of a cache. */
  private static int apart(final int floats) {
    return Math.ceilDiv(floats, 16) * 16 | 16;
  }

  /**
   * For images of these sizes.
   *
   * @param activation of the outputs, or null.
   * @param workers how many may run at the same time.
   */
  public static DirectConvolution of(
      final ConvolutionSizes sizes,
      final Activation activation,
      final KernelMode mode,
      final int workers) {
    return mode == KernelMode.VECTOR
        ? new Vector(sizes, activation, workers)
        : new Scalar(sizes, activation, workers);
  }

  /** Kernel and form for the report. */
  public abstract String description();

  /** How many pieces an image is cut into. */
  public final int bands() {
    return sizes.bands();
  }

  /** How many pieces the weights are packed in. */
  public final int panels() {
    return panels;
  }

  /** Off-heap bytes of all weights, packed. */
  public final long packedBytes() {
    return Slab.aligned(panels * panelBytes());
  }

  private long panelBytes() {
    return (long) sizes.planes() * sizes.window().area() * panelStep();
  }

  /** Off-heap bytes of a worker. */
  public final long scratchBytes() {
    return Slab.aligned(outputBytes() + panels * panelStep() + squareBytes());
  }

  /** Of a band's outputs, panel by panel, each position by position. */
  private long outputBytes() {
    return (long) sizes.bandRows() * sizes.outputWidth() * panels * panelStep();
  }

  /** Bytes from position to position, and from step to step of packed weights. */
  final long panelStep() {
    return (long) columns * Float.BYTES;
  }

  /** Bytes for {@link #turn}. */
  abstract long squareBytes();

  /**
   * Packs the weights of one panel, step by step; lanes without an output are 0.
   *
   * @param packed {@link #packedBytes()} bytes, of which a panel writes its own.
   */
  public final void pack(final int panel, final long weights, final long packed) {
    final int first = panel * columns;
    final int count = Math.min(columns, sizes.outputs() - first);
    final int high = sizes.window().vertical().size();
    final int wide = sizes.window().horizontal().size();
    final long outputStep = (long) sizes.outputStep() * Float.BYTES;
    long to = packed + panel * panelBytes();
    for (int block = 0; block < sizes.planes(); block += sizes.blockPlanes()) {
      final int end = Math.min(sizes.planes(), block + sizes.blockPlanes());
      for (int i = 0; i < high; i++) {
        for (int plane = block; plane < end; plane++) {
          for (int j = 0; j < wide; j++) {
            final int element = i * wide + j;
            final long at =
                (long) first * sizes.outputStep()
                    + (long) plane * sizes.planeStep()
                    + (sizes.transposed() ? high * wide - 1 - element : element);
            packStep(weights + at * Float.BYTES, outputStep, count, to);
            to += panelStep();
          }
        }
      }
    }
  }

  private void packStep(final long from, final long outputStep, final int count, final long to) {
    long at = from;
    for (int column = 0; column < count; column++) {
      OffHeap.setFloat(to + (long) column * Float.BYTES, OffHeap.getFloat(at));
      at += outputStep;
    }
    for (int column = count; column < columns; column++) {
      OffHeap.setFloat(to + (long) column * Float.BYTES, 0f);
    }
  }

  /**
   * One band of an image.
   *
   * @param x all planes, adjacent.
   * @param packed what {@link #pack} wrote.
   * @param bias one float an output, or 0 for none.
   * @param y all planes, adjacent.
   * @param scratch {@link #scratchBytes()} bytes.
   */
  public final void run(
      final int worker,
      final int band,
      final long x,
      final long packed,
      final long bias,
      final long y,
      final long scratch) {
    final int from = sizes.bandStart(band);
    final int to = sizes.bandStart(band + 1);
    final int width = sizes.outputWidth();
    final WindowAxis vertical = sizes.window().vertical();
    final int top = from * vertical.stride() - vertical.before();
    copyInputs(x, top, sizes.inputRows(to - from), inputs[worker]);
    final int count = (to - from) * width;
    final long start = scratch + outputBytes();
    begin(bias, start);
    long weights = packed;
    for (int panel = 0; panel < panels; panel++) {
      final long first = scratch + (long) panel * count * panelStep();
      for (int block = 0; block < sizes.planes(); block += sizes.blockPlanes()) {
        final int planes = Math.min(sizes.blockPlanes(), sizes.planes() - block);
        final int steps = planes * sizes.window().horizontal().size();
        for (int i = 0; i < vertical.size(); i++) {
          for (int row = 0; row < to - from; row++) {
            final int down = row * vertical.stride() + i * vertical.dilation();
            final boolean inside = top + down >= 0 && top + down < sizes.height();
            final boolean begins = block == 0 && i == 0;
            if (inside || begins) {
              final long out = first + (long) row * width * panelStep();
              final long init = begins ? start + panel * panelStep() : 0;
              final int in = block * planeFloats + down * inputPitch;
              row(inside ? steps : 0, inputs[worker], in, weights, out, init);
            }
          }
          weights += steps * panelStep();
        }
      }
    }
    epilogue.run(scratch, 0, panelStep(), panels * count, columns);
    final long square = start + panels * panelStep();
    for (int panel = 0; panel < panels; panel++) {
      final int output = panel * columns;
      final long planes =
          y + ((long) output * sizes.positions() + (long) from * width) * Float.BYTES;
      final int outputs = Math.min(columns, sizes.outputs() - output);
      turn(scratch + (long) panel * count * panelStep(), count, outputs, planes, square);
    }
  }

  /** The rows of all planes from {@code top} on, where they are not padding. */
  private void copyInputs(final long x, final int top, final int rows, final float[] to) {
    final int first = Math.max(0, top);
    final int count = Math.min(sizes.height(), top + rows) - first;
    final int width = sizes.width();
    final int left = (first - top) * inputPitch + sizes.window().horizontal().before();
    final boolean adjacent = inputPitch == width;
    for (int plane = 0; plane < sizes.planes(); plane++) {
      final long from = x + ((long) plane * sizes.height() + first) * width * Float.BYTES;
      final int at = plane * planeFloats + left;
      if (adjacent) {
        copy(from, 1, count * width, to, at, 0);
      } else {
        copy(from, count, width, to, at, inputPitch);
      }
    }
  }

  /** Where the chains of a position start. */
  private void begin(final long bias, final long start) {
    for (int output = 0; output < panels * columns; output++) {
      final long left = (long) output * Float.BYTES;
      final boolean biased = bias != 0 && output < sizes.outputs();
      OffHeap.setFloat(start + left, biased ? OffHeap.getFloat(bias + left) : 0f);
    }
  }

  /**
   * Copies rows of {@code count} adjacent floats in their order. What lies behind a row, up to a
   * panel's columns, may become 0.
   */
  abstract void copy(long from, int rows, int count, float[] to, int start, int toRow);

  /**
   * Adds some steps to the outputs of one panel for a row of positions.
   *
   * @param init where they start, the same for all positions, or 0 for what they are.
   */
  private void row(
      final int steps,
      final float[] x,
      final int start,
      final long weights,
      final long out,
      final long init) {
    final int width = sizes.outputWidth();
    final int tiles = Math.ceilDiv(width, tileRows());
    for (int tile = 0; tile < tiles; tile++) {
      final int from = Blocking.start(width, tiles, tile);
      final int rows = Blocking.start(width, tiles, tile + 1) - from;
      final long target = out + from * panelStep();
      tile(rows, steps, x, start + from, table, weights, target, init == 0 ? target : init);
    }
  }

  /** The most positions of a tile. */
  abstract int tileRows();

  /**
   * A tile of which every position starts at {@code init}, or at {@code out} if that is the same.
   */
  abstract void tile(
      int rows, int steps, float[] x, int start, int[] offsets, long weights, long out, long init);

  /**
   * From outputs position by position to planes.
   *
   * @param square {@link #squareBytes()} bytes.
   */
  abstract void turn(long from, int count, int outputs, long y, long square);

  private static final class Vector extends DirectConvolution {
    Vector(final ConvolutionSizes sizes, final Activation activation, final int workers) {
      super(sizes, activation, KernelMode.VECTOR, Tile.COLUMNS, workers);
    }

    @Override
    public String description() {
      return VectorGemm.NAME + " direct";
    }

    @Override
    long squareBytes() {
      return Packing.SQUARE_BYTES;
    }

    @Override
    void copy(
        final long from,
        final int rows,
        final int count,
        final float[] to,
        final int start,
        final int toRow) {
      Packing.image(from, rows, count, to, start, toRow);
    }

    @Override
    int tileRows() {
      return Tile.ROWS;
    }

    @Override
    void tile(
        final int rows,
        final int steps,
        final float[] x,
        final int start,
        final int[] offsets,
        final long weights,
        final long out,
        final long init) {
      final long step = panelStep();
      final long initRow = init == out ? step : 0;
      MicroKernels.byTable(
          rows, steps, x, start, offsets, weights, step, out, step, init, initRow, 1f);
    }

    @Override
    void turn(
        final long from, final int count, final int outputs, final long y, final long square) {
      final long plane = (long) sizes.positions() * Float.BYTES;
      Packing.turned(from, panelStep(), count, outputs, y, plane, square);
    }
  }

  private static final class Scalar extends DirectConvolution {
    private static final int COLUMNS = 8;

    Scalar(final ConvolutionSizes sizes, final Activation activation, final int workers) {
      super(sizes, activation, KernelMode.SCALAR, COLUMNS, workers);
    }

    @Override
    public String description() {
      return "java scalar direct";
    }

    @Override
    long squareBytes() {
      return 0;
    }

    @Override
    void copy(
        final long from,
        final int rows,
        final int count,
        final float[] to,
        final int start,
        final int toRow) {
      for (int row = 0; row < rows; row++) {
        for (int i = 0; i < count; i++) {
          to[start + row * toRow + i] =
              OffHeap.getFloat(from + ((long) row * count + i) * Float.BYTES);
        }
      }
    }

    @Override
    int tileRows() {
      return 1;
    }

    @Override
    void tile(
        final int rows,
        final int steps,
        final float[] x,
        final int start,
        final int[] offsets,
        final long weights,
        final long out,
        final long init) {
      float c0 = OffHeap.getFloat(init);
      float c1 = OffHeap.getFloat(init + 4);
      float c2 = OffHeap.getFloat(init + 8);
      float c3 = OffHeap.getFloat(init + 12);
      float c4 = OffHeap.getFloat(init + 16);
      float c5 = OffHeap.getFloat(init + 20);
      float c6 = OffHeap.getFloat(init + 24);
      float c7 = OffHeap.getFloat(init + 28);
      long weight = weights;
      for (int step = 0; step < steps; step++) {
        final float value = x[start + offsets[step]];
        c0 = Fma.of(value, OffHeap.getFloat(weight), c0);
        c1 = Fma.of(value, OffHeap.getFloat(weight + 4), c1);
        c2 = Fma.of(value, OffHeap.getFloat(weight + 8), c2);
        c3 = Fma.of(value, OffHeap.getFloat(weight + 12), c3);
        c4 = Fma.of(value, OffHeap.getFloat(weight + 16), c4);
        c5 = Fma.of(value, OffHeap.getFloat(weight + 20), c5);
        c6 = Fma.of(value, OffHeap.getFloat(weight + 24), c6);
        c7 = Fma.of(value, OffHeap.getFloat(weight + 28), c7);
        weight += (long) COLUMNS * Float.BYTES;
      }
      OffHeap.setFloat(out, c0);
      OffHeap.setFloat(out + 4, c1);
      OffHeap.setFloat(out + 8, c2);
      OffHeap.setFloat(out + 12, c3);
      OffHeap.setFloat(out + 16, c4);
      OffHeap.setFloat(out + 20, c5);
      OffHeap.setFloat(out + 24, c6);
      OffHeap.setFloat(out + 28, c7);
    }

    @Override
    void turn(
        final long from, final int count, final int outputs, final long y, final long square) {
      for (int output = 0; output < outputs; output++) {
        final long plane = y + (long) output * sizes.positions() * Float.BYTES;
        for (int position = 0; position < count; position++) {
          final long at = from + position * panelStep() + (long) output * Float.BYTES;
          OffHeap.setFloat(plane + (long) position * Float.BYTES, OffHeap.getFloat(at));
        }
      }
    }
  }
}
