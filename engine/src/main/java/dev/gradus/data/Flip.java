package dev.gradus.data;

import dev.gradus.memory.GradusException;

/**
 * Mirrors some of the images.
 *
 * @param probability of an image to be mirrored, above 0 up to 1, usually 0.5.
 * @param vertical whether up and down change places, rather than left and right.
 */
public record Flip(double probability, boolean vertical) implements ImageTransform {
  public Flip {
    if (!(probability > 0 && probability <= 1)) {
      throw GradusException.outOfRange("probability of flip", "above 0 up to 1", probability);
    }
  }

  @Override
  public String describe() {
    return (vertical ? "vertical_flip(" : "flip(") + probability + ')';
  }

  @Override
  public void apply(final Image image, final Draws draws) {
    if (draws.uniform(0, 1) < probability) {
      image.map(vertical ? 1 : -1, 0, 0, 0, vertical ? -1 : 1, 0);
    }
  }
}
