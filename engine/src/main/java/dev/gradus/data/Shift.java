package dev.gradus.data;

import dev.gradus.memory.GradusException;

/**
 * Moves an image by whole pixels, each way as probable; what comes in is 0.
 *
 * @param pixels most of them, to each side and up and down; 1 or more.
 */
public record Shift(int pixels) implements ImageTransform {
  public Shift {
    if (pixels < 1) {
      throw GradusException.outOfRange("pixels of shift", "1 or more", pixels);
    }
  }

  @Override
  public String describe() {
    return "shift(" + pixels + ')';
  }

  @Override
  public void requireFits(final int height, final int width) {
    if (pixels >= Math.min(height, width)) {
      throw GradusException.outOfRange(
          "pixels of shift of images of " + height + "x" + width,
          "1 to " + (Math.min(height, width) - 1),
          pixels);
    }
  }

  @Override
  public void apply(final Image image, final Draws draws) {
    final int right = draws.below(2 * pixels + 1) - pixels;
    final int down = draws.below(2 * pixels + 1) - pixels;
    image.map(1, 0, -right, 0, 1, -down);
  }
}
