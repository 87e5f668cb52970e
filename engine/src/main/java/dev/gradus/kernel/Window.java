package dev.gradus.kernel;

/**
 * A window that slides over images: the geometry of convolution and pooling.
 *
 * @param vertical along the height.
 * @param horizontal along the width.
 */
public record Window(WindowAxis vertical, WindowAxis horizontal) {
  /** The same along both axes, padded alike on all sides. */
  public static Window square(
      final int size, final int stride, final int padding, final int dilation) {
    final WindowAxis axis = new WindowAxis(size, stride, padding, padding, dilation);
    return new Window(axis, axis);
  }

  /** Elements covered. */
  public int area() {
    return vertical.size() * horizontal.size();
  }

  /** Whether it covers one element after the other, so that images are their own columns. */
  public boolean isPoint() {
    return vertical.equals(WindowAxis.POINT) && horizontal.equals(WindowAxis.POINT);
  }

  @Override
  public String toString() {
    final StringBuilder text = new StringBuilder();
    text.append(vertical.size()).append('x').append(horizontal.size());
    if (vertical.stride() > 1 || horizontal.stride() > 1) {
      text.append(" stride ").append(pair(vertical.stride(), horizontal.stride()));
    }
    if (vertical.before() + vertical.after() + horizontal.before() + horizontal.after() > 0) {
      text.append(" padding ")
          .append(pair(vertical.before(), vertical.after()))
          .append(',')
          .append(pair(horizontal.before(), horizontal.after()));
    }
    if (vertical.dilation() > 1 || horizontal.dilation() > 1) {
      text.append(" dilation ").append(pair(vertical.dilation(), horizontal.dilation()));
    }
    return text.toString();
  }

  private static String pair(final int first, final int second) {
    return first == second ? Integer.toString(first) : first + "x" + second;
  }
}
