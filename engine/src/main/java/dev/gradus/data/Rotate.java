package dev.gradus.data;

import dev.gradus.memory.GradusException;

/**
 * Turns an image about its centre, each angle as probable.
 *
 * @param degrees the largest angle to either side, above 0 up to 180.
 */
public record Rotate(double degrees) implements ImageTransform {
  private static final int TERMS = 8;

  public Rotate {
    if (!(degrees > 0 && degrees <= 180)) {
      throw GradusException.outOfRange("degrees of rotate", "above 0 up to 180", degrees);
    }
  }

  @Override
  public String describe() {
    return "rotate(" + degrees + ')';
  }

  @Override
  public void apply(final Image image, final Draws draws) {
    final double angle = draws.uniform(-degrees, degrees) * (Math.PI / 180);
    // By an eighth, of which Taylor's polynomials are exact to a double, doubled three times:
    // StrictMath's own sine and cosine allocate.
    final double x = angle / 8;
    final double square = x * x;
    double sin = 0;
    double cos = 0;
    for (int n = TERMS; n > 0; n--) {
      sin = (1 + sin) * -square / (2 * n * (2 * n + 1));
      cos = (1 + cos) * -square / (2 * n * (2 * n - 1));
    }
    sin = x * (1 + sin);
    cos = 1 + cos;
    for (int i = 0; i < 3; i++) {
      final double twice = 2 * sin * cos;
      cos = cos * cos - sin * sin;
      sin = twice;
    }
    image.map(cos, -sin, 0, sin, cos, 0);
  }
}
