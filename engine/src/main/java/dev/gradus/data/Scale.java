package dev.gradus.data;

import dev.gradus.memory.GradusException;

/**
 * Makes what an image shows larger or smaller about its centre, by a factor from {@code 1 - share}
 * to {@code 1 + share}, each as probable.
 *
 * @param share above 0 and below 1.
 */
public record Scale(double share) implements ImageTransform {
  public Scale {
    if (!(share > 0 && share < 1)) {
      throw GradusException.outOfRange("share of scale", "above 0 and below 1", share);
    }
  }

  @Override
  public String describe() {
    return "scale(" + share + ')';
  }

  @Override
  public void apply(final Image image, final Draws draws) {
    final double inverse = 1 / draws.uniform(1 - share, 1 + share);
    image.map(inverse, 0, 0, 0, inverse, 0);
  }
}
