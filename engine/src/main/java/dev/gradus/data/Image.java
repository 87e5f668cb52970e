package dev.gradus.data;

import dev.gradus.memory.OffHeap;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * One image, (channels, height, width), while transforms change it. Maps of its plane are put
 * together until a transform wants the pixels, or all are done: so an image is resampled once, not
 * blurred by each, and what one map moves over the edge and the next moves back is not lost.
 *
 * <p>Between pixels values are bilinear; outside of the image they are 0.
 */
public final class Image {
  private final int channels;
  private final int height;
  private final int width;
  private float[] pixels;
  private float[] other;

  // A pixel at (x, y) takes the value at (xx * x + xy * y + x0, yx * x + yy * y + y0).
  private double xx;
  private double xy;
  private double x0;
  private double yx;
  private double yy;
  private double y0;

  Image(final int channels, final int height, final int width) {
    this.channels = channels;
    this.height = height;
    this.width = width;
    this.pixels = new float[channels * height * width];
    this.other = new float[pixels.length];
  }

  public int channels() {
    return channels;
  }

  public int height() {
    return height;
  }

  public int width() {
    return width;
  }

  /** Reads an image from an address. */
  void load(final long address) {
    MemorySegment.copy(
        OffHeap.ALL, ValueLayout.JAVA_FLOAT_UNALIGNED, address, pixels, 0, pixels.length);
    clearMap();
  }

  private void clearMap() {
    xx = 1;
    xy = 0;
    x0 = 0;
    yx = 0;
    yy = 1;
    y0 = 0;
  }

  private boolean isMapped() {
    return xx != 1 || xy != 0 || x0 != 0 || yx != 0 || yy != 1 || y0 != 0;
  }

  /**
   * Maps the plane: the pixel at (x, y), counted from the image's centre to the right and down, now
   * shows what was at {@code (xx x + xy y + x0, yx x + yy y + y0)}.
   */
  public void map(
      final double xx,
      final double xy,
      final double x0,
      final double yx,
      final double yy,
      final double y0) {
    final double newXx = this.xx * xx + this.xy * yx;
    final double newXy = this.xx * xy + this.xy * yy;
    final double newYx = this.yx * xx + this.yy * yx;
    final double newYy = this.yx * xy + this.yy * yy;
    this.x0 += this.xx * x0 + this.xy * y0;
    this.y0 += this.yx * x0 + this.yy * y0;
    this.xx = newXx;
    this.xy = newXy;
    this.yx = newYx;
    this.yy = newYy;
  }

  /** The pixels, (channels, height, width), to be changed in place until the next map. */
  public float[] pixels() {
    if (isMapped()) {
      resample();
      clearMap();
      final float[] resampled = other;
      other = pixels;
      pixels = resampled;
    }
    return pixels;
  }

  private void resample() {
    final int plane = height * width;
    final double centreX = 0.5 * (width - 1);
    final double centreY = 0.5 * (height - 1);
    int at = 0;
    for (int row = 0; row < height; row++) {
      final double y = row - centreY;
      final double fromX = xy * y + x0 + centreX;
      final double fromY = yy * y + y0 + centreY;
      for (int column = 0; column < width; column++) {
        final double x = column - centreX;
        final double sourceX = xx * x + fromX;
        final double sourceY = yx * x + fromY;
        final int left = (int) Math.floor(sourceX);
        final int top = (int) Math.floor(sourceY);
        final float shareX = (float) (sourceX - left);
        final float shareY = (float) (sourceY - top);
        if (left >= 0 && left < width - 1 && top >= 0 && top < height - 1) {
          final int corner = top * width + left;
          for (int first = 0; first < pixels.length; first += plane) {
            final int c = first + corner;
            other[first + at] =
                between(
                    between(pixels[c], pixels[c + 1], shareX),
                    between(pixels[c + width], pixels[c + width + 1], shareX),
                    shareY);
          }
        } else {
          for (int first = 0; first < pixels.length; first += plane) {
            other[first + at] =
                between(
                    between(pixel(first, top, left), pixel(first, top, left + 1), shareX),
                    between(pixel(first, top + 1, left), pixel(first, top + 1, left + 1), shareX),
                    shareY);
          }
        }
        at++;
      }
    }
  }

  private static float between(final float from, final float to, final float share) {
    return from + share * (to - from);
  }

  private float pixel(final int first, final int row, final int column) {
    return row < 0 || row >= height || column < 0 || column >= width
        ? 0
        : pixels[first + row * width + column];
  }

  /** Mixes: {@code share * this + (1 - share) * other}. */
  void mix(final Image other, final float share) {
    final float[] mine = pixels();
    final float[] theirs = other.pixels();
    for (int i = 0; i < mine.length; i++) {
      mine[i] = share * mine[i] + (1 - share) * theirs[i];
    }
  }

  /** Writes the image to an address. */
  void store(final long address) {
    MemorySegment.copy(
        pixels(), 0, OffHeap.ALL, ValueLayout.JAVA_FLOAT_UNALIGNED, address, pixels.length);
  }
}
