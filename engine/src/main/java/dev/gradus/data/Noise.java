package dev.gradus.data;

import dev.gradus.memory.GradusException;

/**
 * Adds a normally distributed number of its own to each value of an image.
 *
 * @param deviation in the unit of the features, above 0.
 */
public record Noise(double deviation) implements ImageTransform {
  public Noise {
    if (!(deviation > 0 && deviation <= Float.MAX_VALUE)) {
      throw GradusException.outOfRange("deviation of noise", "a number above 0", deviation);
    }
  }

  @Override
  public String describe() {
    return "noise(" + deviation + ')';
  }

  @Override
  public void apply(final Image image, final Draws draws) {
    final float[] pixels = image.pixels();
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] += (float) (deviation * draws.normal());
    }
  }
}
