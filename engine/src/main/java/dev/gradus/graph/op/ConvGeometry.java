package dev.gradus.graph.op;

import dev.gradus.kernel.Window;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.Shape;
import dev.gradus.memory.TensorType;
import java.util.List;

/**
 * The sizes of a convolution: input (N, channels, height, width), weight (filters, channels /
 * groups, window), output (N, filters, outputHeight, outputWidth).
 */
record ConvGeometry(
    Window window,
    int groups,
    int filters,
    int channels,
    int height,
    int width,
    int outputHeight,
    int outputWidth) {
  /** Floats of columns that stay in the second-level cache beside the rest: 256 KiB. */
  private static final long BAND_FLOATS = 1 << 16;

  /**
   * Checks input and weight.
   *
   * @param op for errors.
   */
  static ConvGeometry of(
      final String op, final Window window, final int groups, final Shape x, final Shape weight) {
    requireImages("input of " + op, x);
    final int channels = x.dim(1);
    requireGroups(op, groups, channels, "channels");
    final Shape expected =
        Shape.of(
            weight.rank() == 0 ? 1 : Math.max(1, weight.dim(0)),
            channels / groups,
            window.vertical().size(),
            window.horizontal().size());
    if (!expected.equals(weight)) {
      throw GradusException.mismatch(
          "shape of weight of " + op, "[filters" + expected.toString().substring(2), weight);
    }
    requireGroups(op, groups, weight.dim(0), "filters");
    requireFits(op, window, x);
    if (weight.rowElements() > Integer.MAX_VALUE || x.rowElements() > Integer.MAX_VALUE) {
      throw GradusException.outOfRange(
          "size of " + op, "fewer than 2^31 elements an image and a filter", x + " " + weight);
    }
    return new ConvGeometry(
        window,
        groups,
        weight.dim(0),
        channels,
        x.dim(2),
        x.dim(3),
        window.vertical().output(x.dim(2)),
        window.horizontal().output(x.dim(3)));
  }

  /** Checks that a tensor is (N, channels, height, width). */
  static void requireImages(final String what, final Shape shape) {
    if (shape.rank() != 4) {
      throw GradusException.mismatch("shape of " + what, "[N,channels,height,width]", shape);
    }
  }

  /** Checks that the window has a place in the images. */
  static void requireFits(final String op, final Window window, final Shape x) {
    if (window.vertical().output(x.dim(2)) < 1 || window.horizontal().output(x.dim(3)) < 1) {
      throw GradusException.outOfRange(
          "images of " + op, "large enough for the window " + window, x);
    }
  }

  /** Checks images for a pooling op; the type of its output. */
  static TensorType pooled(final String op, final Window window, final Shape x) {
    requireImages("input of " + op, x);
    requireFits(op, window, x);
    if (!window.vertical().coversAlways(x.dim(2)) || !window.horizontal().coversAlways(x.dim(3))) {
      throw GradusException.mismatch(
          "window of " + op + " over " + x,
          "an element in every window",
          window + ", padding alone");
    }
    if (x.rowElements() > Integer.MAX_VALUE) {
      throw GradusException.outOfRange("size of " + op, "fewer than 2^31 elements an image", x);
    }
    return images(
            x, x.dim(1), window.vertical().output(x.dim(2)), window.horizontal().output(x.dim(3)))
        .get(0);
  }

  private static void requireGroups(
      final String op, final int groups, final int size, final String what) {
    if (groups < 1 || size % groups != 0) {
      throw GradusException.outOfRange(
          "groups of " + op, "a divisor of " + size + " " + what, groups);
    }
  }

  static List<TensorType> images(
      final Shape like, final int channels, final int height, final int width) {
    final Shape shape =
        like.isBatched()
            ? Shape.batched(channels, height, width)
            : Shape.of(like.dim(0), channels, height, width);
    return List.of(TensorType.float32(shape));
  }

  int groupChannels() {
    return channels / groups;
  }

  int groupFilters() {
    return filters / groups;
  }

  /** Elements of a filter. */
  int patch() {
    return groupChannels() * window.area();
  }

  /** Positions of the window. */
  int positions() {
    return outputHeight * outputWidth;
  }

  /** Elements of a plane of the input. */
  long plane() {
    return (long) height * width;
  }

  long weights() {
    return (long) filters * patch();
  }

  /** Bands of output rows, cut evenly. */
  int bands() {
    final long most = Math.max(1, BAND_FLOATS / ((long) patch() * outputWidth));
    return (int) ((outputHeight + most - 1) / most);
  }

  /** The output row at which a band starts. */
  int bandStart(final int band) {
    return (int) ((long) outputHeight * band / bands());
  }

  /** The most positions of a band. */
  int bandPositions() {
    return (outputHeight + bands() - 1) / bands() * outputWidth;
  }

  /** The number of images in a run. */
  static int images(final Shape shape, final int rows) {
    return shape.isBatched() ? rows : shape.dim(0);
  }

  long flops(final Shape x, final int rows) {
    return 2L * images(x, rows) * filters * positions() * patch();
  }
}
