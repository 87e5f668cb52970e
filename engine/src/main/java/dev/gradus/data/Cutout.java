package dev.gradus.data;

import dev.gradus.memory.GradusException;
import java.util.Arrays;

/**
 * Sets a square to 0, in all channels. Its centre is any pixel of the image, so that it may reach
 * over the edge.
 *
 * <p>Source: DeVries and Taylor, "Improved regularization of convolutional neural networks with
 * cutout", 2017.
 *
 * @param size of its side in pixels, 1 or more.
 */
public record Cutout(int size) implements ImageTransform {
  public Cutout {
    if (size < 1) {
      throw GradusException.outOfRange("size of cutout", "1 or more", size);
    }
  }

  @Override
  public String describe() {
    return "cutout(" + size + ')';
  }

  @Override
  public void requireFits(final int height, final int width) {
    if (size > Math.min(height, width)) {
      throw GradusException.outOfRange(
          "size of cutout of images of " + height + "x" + width,
          "1 to " + Math.min(height, width),
          size);
    }
  }

  @Override
  public void apply(final Image image, final Draws draws) {
    final float[] pixels = image.pixels();
    final int top = draws.below(image.height()) - size / 2;
    final int left = draws.below(image.width()) - size / 2;
    final int from = Math.max(0, left);
    final int to = Math.min(image.width(), left + size);
    final int rows = Math.min(image.height(), top + size);
    for (int channel = 0; channel < image.channels(); channel++) {
      for (int row = Math.max(0, top); row < rows; row++) {
        final int first = (channel * image.height() + row) * image.width();
        Arrays.fill(pixels, first + from, first + to, 0);
      }
    }
  }
}
