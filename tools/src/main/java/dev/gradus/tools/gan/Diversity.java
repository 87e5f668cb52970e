package dev.gradus.tools.gan;

import java.util.Locale;

/**
 * How much generated images differ from each other, beside real ones: a generator may please the
 * discriminator with one good image, again and again (its mode has collapsed).
 *
 * @param spread the variance of a pixel over generated images, as a share of that over real ones,
 *     both as means over all pixels: near 1 where all is well, 0 where all images are one.
 */
public record Diversity(double spread) {
  private static final double LEAST_SPREAD = 0.5;

  /**
   * Compares images.
   *
   * @param generated pixels, (images, pixels), 2 images or more.
   * @param real the same of real images, not all alike.
   */
  public static Diversity of(final float[][] generated, final float[][] real) {
    return new Diversity(variance(generated) / variance(real));
  }

  private static double variance(final float[][] images) {
    double sum = 0;
    for (int pixel = 0; pixel < images[0].length; pixel++) {
      double mean = 0;
      for (final float[] image : images) {
        mean += image[pixel] / images.length;
      }
      for (final float[] image : images) {
        sum += (image[pixel] - mean) * (image[pixel] - mean);
      }
    }
    return sum / images.length / images[0].length;
  }

  /** Whether images are much more alike than real ones. */
  public boolean collapsed() {
    return !(spread >= LEAST_SPREAD);
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        collapsed()
            ? "collapsed: images are nearly alike, their spread %.2f of that of real ones"
            : "spread %.2f of that of real images",
        spread);
  }
}
