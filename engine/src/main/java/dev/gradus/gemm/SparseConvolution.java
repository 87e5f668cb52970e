package dev.gradus.gemm;

import dev.gradus.kernel.Fill;
import dev.gradus.kernel.KernelMode;
import dev.gradus.kernel.Window;
import dev.gradus.memory.OffHeap;
import dev.gradus.memory.Slab;

/**
 * The gradients of a convolution whose output's gradient is 0 but for a few places of each plane:
 * what does not count is not computed. Images are turned, (row, column, channel) with padding, so
 * that what a filter reads of one of the window's rows lies together. A filter's patch is those
 * rows, each filled up to whole blocks of {@value #BLOCK} floats; where a patch of all rows is one
 * block and only weights want a gradient, the image becomes a block for each position.
 *
 * <p>Each element of a weight's gradient is two chains of fused multiply-adds over a plane's list,
 * of its even and its odd places, the first from what is there on, then their sum. Each of an
 * input's gradient is one chain over filters, then groups of blocks, then places. So {@link
 * KernelMode#SCALAR} and vectors of any width give the same bits.
 */
public abstract class SparseConvolution {
  static final int BLOCK = 16;
  static final long BLOCK_BYTES = BLOCK * Float.BYTES;

  /** Blocks at a time: with two chains each enough to hide what a multiply-add waits for. */
  static final int GROUP = 4;

  /** The most floats of a turned image: 64 KiB. Of 256 inputs' gradients are faster dense. */
  private static final int MOST_FLOATS = 1 << 14;

  /** With inputs' gradients: of the floats of a run's blocks those that are filled, in quarters. */
  private static final int LEAST_QUARTERS = 3;

  /** Elements of a plane, so that a vector can be read from each. */
  private static final int LEAST_PLANE = 16;

  /** Of {@link Packing#turned}, for the widest vectors. */
  private static final long SQUARE_BYTES = 2 * BLOCK * BLOCK_BYTES;

  final Fill fill;
  final int[] offsets; // bytes from a patch's start to each of its blocks
  final int columns; // of the output
  final int columnBytes; // from the patch of a position to that of the next
  final int rowBytes; // and to that of the next row

  final Window window;
  final int rowFloats; // of the turned image
  final int runFloats; // of the window's row

  private final int channels;
  private final int height;
  private final int width;
  private final boolean blocks; // one for each position
  private final int positions;
  private final int imageFloats;
  private final int runPitch; // the same in a patch

  SparseConvolution(
      final KernelMode mode,
      final Window window,
      final int channels,
      final int height,
      final int width,
      final boolean inputs) {
    this.fill = Fill.of(mode);
    this.window = window;
    this.channels = channels;
    this.height = height;
    this.width = width;
    this.rowFloats =
        (window.horizontal().before() + width + window.horizontal().after()) * channels;
    this.imageFloats =
        (window.vertical().before() + height + window.vertical().after()) * rowFloats;
    this.runFloats = window.horizontal().size() * channels;
    this.columns = window.horizontal().output(width);
    this.positions = window.vertical().output(height) * columns;
    this.blocks = !inputs && window.area() * channels <= BLOCK;
    this.runPitch = blocks ? runFloats : Math.ceilDiv(runFloats, BLOCK) * BLOCK;
    final int runBlocks = Math.ceilDiv(runFloats, BLOCK);
    this.offsets = new int[blocks ? 1 : window.vertical().size() * runBlocks];
    for (int block = 0; block < offsets.length; block++) {
      offsets[block] = (block / runBlocks * rowFloats + block % runBlocks * BLOCK) * Float.BYTES;
    }
    this.columnBytes =
        blocks ? (int) BLOCK_BYTES : window.horizontal().stride() * channels * Float.BYTES;
    this.rowBytes =
        blocks ? columns * columnBytes : window.vertical().stride() * rowFloats * Float.BYTES;
  }

  /**
   * For images of these sizes.
   *
   * @param inputs whether inputs want a gradient, too.
   */
  public static SparseConvolution of(
      final KernelMode mode,
      final Window window,
      final int channels,
      final int height,
      final int width,
      final boolean inputs) {
    return mode == KernelMode.VECTOR
        ? new VectorSparseConvolution(window, channels, height, width, inputs)
        : new ScalarSparseConvolution(window, channels, height, width, inputs);
  }

  /**
   * Whether this is the faster way.
   *
   * @param inputs whether inputs want a gradient, too.
   */
  public static boolean suits(
      final Window window,
      final int channels,
      final int height,
      final int width,
      final boolean inputs) {
    final long rows = (long) height + window.vertical().before() + window.vertical().after();
    final long across = (long) width + window.horizontal().before() + window.horizontal().after();
    final long run = (long) window.horizontal().size() * channels;
    return window.vertical().dilation() == 1
        && window.horizontal().dilation() == 1
        && (long) height * width >= LEAST_PLANE
        && rows * across * channels <= MOST_FLOATS
        && (!inputs || 4 * run >= LEAST_QUARTERS * Math.ceilDiv(run, BLOCK) * BLOCK);
  }

  /** Floats of a filter's patch. */
  public final int patchFloats() {
    return offsets.length * BLOCK;
  }

  /** Off-heap bytes of a turned image, and of what is read behind it. */
  public final long imageBytes() {
    final int floats = blocks ? positions * BLOCK : imageFloats;
    return Slab.aligned((long) floats * Float.BYTES) + 2 * BLOCK_BYTES;
  }

  /** Off-heap bytes that turning an image takes. */
  public final long turningBytes() {
    return compactBytes() + SQUARE_BYTES + (blocks ? paddedBytes() : 0);
  }

  /** Of an image without padding, and of what is read behind it. */
  private long compactBytes() {
    return Slab.aligned((long) plane() * channels * Float.BYTES) + BLOCK_BYTES;
  }

  private long paddedBytes() {
    return Slab.aligned((long) imageFloats * Float.BYTES) + 2 * BLOCK_BYTES;
  }

  private int plane() {
    return height * width;
  }

  /** Off-heap bytes of a list of so many places. */
  public static long listBytes(final int places) {
    return 2 * valuesAt(places);
  }

  /** Bytes from a list's start to its values. */
  static long valuesAt(final int places) {
    return Slab.aligned((long) places * Float.BYTES) + BLOCK_BYTES;
  }

  /**
   * Lists the places of a plane that count: for each the bytes to its patch, and the value.
   *
   * @param indices int32, positions in the plane.
   * @param values one for each; a 0 does not count.
   * @param places how many there are.
   * @param list {@link #listBytes} bytes.
   * @return how many count.
   */
  public abstract int list(long indices, long values, int places, long list);

  /** Adds a list of at most {@code places} to a filter's patch of sums. */
  public abstract void addWeights(long image, long list, int places, int count, long sums);

  /** Adds a filter's patch of weights to an image wherever its list says. */
  public abstract void addInputs(long image, long list, int places, int count, long weights);

  /** {@code to[column, row] = from[row, column]}; distances of rows in floats. */
  abstract void turn(
      long from, int fromRow, int rows, int columns, long to, int toRow, long square);

  /**
   * Writes a row of positions as blocks.
   *
   * @param right floats from position to position.
   */
  abstract void toBlocks(long from, int right, long to);

  /** Writes a filter's weights (channel, row, column) as a patch. */
  public final void toPatch(final long weights, final long patch) {
    fill.run(patch, 0f, patchFloats());
    for (int weight = 0; weight < window.area() * channels; weight++) {
      OffHeap.setFloat(
          patch + inPatch(weight), OffHeap.getFloat(weights + (long) weight * Float.BYTES));
    }
  }

  /** Writes a patch as a filter's weights. */
  public final void fromPatch(final long patch, final long weights) {
    for (int weight = 0; weight < window.area() * channels; weight++) {
      OffHeap.setFloat(
          weights + (long) weight * Float.BYTES, OffHeap.getFloat(patch + inPatch(weight)));
    }
  }

  /** Bytes from a patch's start to a weight. */
  private long inPatch(final int weight) {
    final int across = window.horizontal().size();
    final int element = weight % window.area();
    final int channel = weight / window.area();
    final int run = element / across * runPitch;
    return (long) (run + element % across * channels + channel) * Float.BYTES;
  }

  /**
   * Turns an image.
   *
   * @param x planes.
   * @param turning {@link #turningBytes()} bytes.
   */
  public final void turn(final long x, final long image, final long turning) {
    final long padded = blocks ? turning + compactBytes() + SQUARE_BYTES : image;
    fill.run(padded, 0f, paddedBytes() / Float.BYTES);
    if (channels > 1) {
      turn(x, plane(), channels, plane(), turning, channels, turning + compactBytes());
    }
    rows(channels > 1 ? turning : x, padded, false);
    if (blocks) {
      final int right = window.horizontal().stride() * channels;
      final long down = (long) window.vertical().stride() * rowFloats * Float.BYTES;
      for (int row = 0; row < positions / columns; row++) {
        toBlocks(padded + row * down, right, image + (long) row * rowBytes);
      }
    }
  }

  /** Sets a turned image to 0. */
  public final void clear(final long image) {
    fill.run(image, 0f, imageBytes() / Float.BYTES);
  }

  /** Turns an image back, without its padding. */
  public final void turnBack(final long image, final long x, final long turning) {
    rows(channels > 1 ? turning : x, image, true);
    if (channels > 1) {
      turn(turning, channels, plane(), channels, x, plane(), turning + compactBytes());
    }
  }

  /** Copies rows without padding into an image, or back. */
  private void rows(final long compact, final long padded, final boolean back) {
    final long bytes = (long) width * channels * Float.BYTES;
    for (int row = 0; row < height; row++) {
      final int floats =
          (row + window.vertical().before()) * rowFloats + window.horizontal().before() * channels;
      final long inside = padded + (long) floats * Float.BYTES;
      final long outside = compact + row * bytes;
      OffHeap.copy(back ? inside : outside, back ? outside : inside, bytes);
    }
  }
}
