package dev.gradus.tools.gan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Images that differ as real ones do, and images that don't. */
final class DiversityTest {
  private static final float[][] REAL = {{0f, 1f}, {1f, 0f}, {0f, 0f}, {1f, 1f}};

  @Test
  void shouldCompareTheVarianceOfPixels() {
    final Diversity half = Diversity.of(new float[][] {{0f, 0.5f}, {1f, 0.5f}}, REAL);
    assertEquals(0.5, half.spread(), 1e-12, "one of two pixels varies as it does in real images");
    assertFalse(half.collapsed());
    assertEquals("spread 0.50 of that of real images", half.toString());
    assertEquals(1, Diversity.of(REAL, REAL).spread(), 1e-12);
  }

  @Test
  void shouldTellInWordsThatAGeneratorHasCollapsed() {
    final Diversity one = Diversity.of(new float[][] {{0.3f, 1f}, {0.3f, 1f}, {0.4f, 1f}}, REAL);
    assertTrue(one.collapsed());
    assertEquals(
        "collapsed: images are nearly alike, their spread 0.00 of that of real ones",
        one.toString());
    assertTrue(new Diversity(Double.NaN).collapsed(), "images of NaN are no diversity");
  }
}
