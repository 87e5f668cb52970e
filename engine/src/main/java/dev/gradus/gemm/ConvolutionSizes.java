package dev.gradus.gemm;

import dev.gradus.kernel.Window;
import dev.gradus.kernel.WindowAxis;

/**
 * What {@link DirectConvolution} computes: {@code y[o, v, h] = bias[o] + sum over p, i, j of w[o,
 * p, i, j] * x[p, v + i, h + j]}, with the window's strides, padding and dilation.
 *
 * @param planes of x.
 * @param height of x.
 * @param width of x.
 * @param outputs planes of y.
 * @param transposed for a sum that runs over the filters: {@code w[p, o, size - 1 - i, size - 1 -
 *     j]}.
 */
public record ConvolutionSizes(
    Window window, int planes, int height, int width, int outputs, boolean transposed) {
  /** Of an image's copy, and of its outputs: 256 KiB, to stay in the second-level cache. */
  private static final long BAND_FLOATS = 1 << 16;

  /** The most floats of one output row's inputs: 1 MiB. */
  private static final long MOST_INPUTS = 1 << 18;

  /** Positions in a row, and steps of a tile, from which on it beats columns. */
  private static final int LEAST_WIDTH = 6;

  private static final int LEAST_STEPS = 24;

  /** The same of the outputs, of which there may be less than lanes, in quarters. */
  private static final int LEAST_QUARTERS = 3;

  /** Lanes of the widest panel: what is computed must not depend on the CPU. */
  private static final int PANEL = 32;

  int outputHeight() {
    return window.vertical().output(height);
  }

  int outputWidth() {
    return window.horizontal().output(width);
  }

  /** Of an output plane. */
  public int positions() {
    return outputHeight() * outputWidth();
  }

  /** Floats from row to row of the padded copy. */
  int pitch() {
    return width + window.horizontal().before() + window.horizontal().after();
  }

  /** Rows of x that so many rows of y read. */
  int inputRows(final int rows) {
    final WindowAxis axis = window.vertical();
    return (rows - 1) * axis.stride() + axis.extent();
  }

  /** Floats from output to output of the weights. */
  int outputStep() {
    return (transposed ? 1 : planes) * window.area();
  }

  /** Floats from plane to plane of the weights. */
  int planeStep() {
    return (transposed ? outputs : 1) * window.area();
  }

  /** Input planes of a pass over all tiles. */
  int blockPlanes() {
    return Math.clamp(Blocking.MAX_STEPS / window.horizontal().size(), 1, planes);
  }

  int bands() {
    final int stride = window.vertical().stride();
    final long rowFloats =
        Math.max((long) planes * pitch() * stride, (long) outputs * outputWidth());
    final int overlap = Math.max(0, inputRows(1) - stride);
    final long rows = BAND_FLOATS / rowFloats - overlap;
    return Math.ceilDiv(outputHeight(), Math.clamp(rows, 1, outputHeight()));
  }

  int bandStart(final int band) {
    return (int) ((long) outputHeight() * band / bands());
  }

  int bandRows() {
    return Math.ceilDiv(outputHeight(), bands());
  }

  /** Whether this is the faster way. */
  public boolean suitDirectConvolution() {
    return !window.isPoint()
        && window.horizontal().stride() == 1
        && outputWidth() >= LEAST_WIDTH
        && hasSteps(window, planes)
        && 4L * outputs >= (long) LEAST_QUARTERS * Math.ceilDiv(outputs, PANEL) * PANEL
        && (long) planes * inputRows(1) * pitch() <= MOST_INPUTS;
  }

  /** Whether the rows of the window in all planes are steps enough. */
  static boolean hasSteps(final Window window, final int planes) {
    return (long) planes * window.horizontal().size() >= LEAST_STEPS;
  }
}
