package dev.gradus.kernel;

import dev.gradus.memory.OffHeap;

/**
 * The mean of each window of a plane, and its transpose. One form: a few adds for each element that
 * is read. Elements of a window are summed in row-major order; the gradient sums the windows of an
 * element in row-major order.
 */
public final class AveragePool {
  private final Window window;
  private final boolean countPadding;
  private final int height;
  private final int width;
  private final int outputHeight;
  private final int outputWidth;

  /**
   * For planes of that size. Every window must cover an element.
   *
   * @param countPadding whether padding counts as elements of 0; else the mean is over the elements
   *     inside.
   */
  public AveragePool(
      final Window window, final boolean countPadding, final int height, final int width) {
    this.window = window;
    this.countPadding = countPadding;
    this.height = height;
    this.width = width;
    this.outputHeight = window.vertical().output(height);
    this.outputWidth = window.horizontal().output(width);
  }

  /** {@code y[o] = sum of a window's elements / their number}. */
  public void run(final long x, final long y) {
    final WindowAxis vertical = window.vertical();
    final WindowAxis horizontal = window.horizontal();
    long out = y;
    for (int row = 0; row < outputHeight; row++) {
      final int top = row * vertical.stride() - vertical.before();
      final int from = vertical.firstCovered(top);
      final int to = vertical.endCovered(top, height);
      for (int column = 0; column < outputWidth; column++) {
        final int left = column * horizontal.stride() - horizontal.before();
        final int start = horizontal.firstCovered(left);
        final int stop = horizontal.endCovered(left, width);
        float sum = 0f;
        for (int i = from; i < to; i++) {
          final long line = (long) (top + i * vertical.dilation()) * width + left;
          for (int j = start; j < stop; j++) {
            sum += OffHeap.getFloat(x + (line + (long) j * horizontal.dilation()) * Float.BYTES);
          }
        }
        OffHeap.setFloat(out, sum / count((to - from) * (stop - start)));
        out += Float.BYTES;
      }
    }
  }

  /** {@code dX[i] = sum over the windows that cover i of dY / their number}; dX is all zeros. */
  public void gradient(final long dY, final long dX) {
    final WindowAxis vertical = window.vertical();
    final WindowAxis horizontal = window.horizontal();
    long in = dY;
    for (int row = 0; row < outputHeight; row++) {
      final int top = row * vertical.stride() - vertical.before();
      final int from = vertical.firstCovered(top);
      final int to = vertical.endCovered(top, height);
      for (int column = 0; column < outputWidth; column++) {
        final int left = column * horizontal.stride() - horizontal.before();
        final int start = horizontal.firstCovered(left);
        final int stop = horizontal.endCovered(left, width);
        final float share = OffHeap.getFloat(in) / count((to - from) * (stop - start));
        in += Float.BYTES;
        for (int i = from; i < to; i++) {
          final long line = (long) (top + i * vertical.dilation()) * width + left;
          for (int j = start; j < stop; j++) {
            final long at = dX + (line + (long) j * horizontal.dilation()) * Float.BYTES;
            OffHeap.setFloat(at, OffHeap.getFloat(at) + share);
          }
        }
      }
    }
  }

  private float count(final int inside) {
    return countPadding ? window.area() : inside;
  }
}
