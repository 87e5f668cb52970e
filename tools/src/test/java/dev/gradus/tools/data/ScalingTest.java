package dev.gradus.tools.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gradus.memory.GradusException;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ScalingTest {
  private static final Features FEATURES =
      new Features.Numbers(
          List.of(
              new double[] {1, 5, 1e9}, new double[] {3, 5, 1e9 + 2}, new double[] {1000, 5, 7}),
          3,
          List.of());

  @Test
  void shouldStandardiseByTheRowsGiven() {
    final Scaling scaling = Scaling.standard(FEATURES, new int[] {0, 1});
    assertEquals(-1, scaling.apply(0, 1), 1e-6);
    assertEquals(1, scaling.apply(0, 3), 1e-6);
    assertEquals(998, scaling.apply(0, 1000), 1e-3);
    assertEquals(1, scaling.apply(2, 1e9 + 2), 1e-4); // one part in 1e9 is left of 16 digits
    assertEquals(3, scaling.invert(0, 1), 1e-12);
  }

  @Test
  void shouldShiftAConstantColumnOnly() {
    final Scaling scaling = Scaling.standard(FEATURES, new int[] {0, 1});
    assertEquals(0, scaling.apply(1, 5));
    assertEquals(2, scaling.apply(1, 7));
  }

  @Test
  void shouldNotOverflow() {
    final double[] huge = {1e308, -1e308, 1e308, -1e308};
    final Scaling scaling = Scaling.standard(huge, new int[] {0, 1, 2, 3});
    assertEquals(1, scaling.apply(0, 1e308), 1e-6);
  }

  @Test
  void shouldScalePixelsAlike() {
    assertEquals(1f, Scaling.uniform(255).apply(17, 255));
    assertEquals(0.5f, Scaling.uniform(16).apply(0, 8));
  }

  @Test
  void shouldRefuseNumbersThatDoNotFit() {
    assertTrue(
        assertThrows(
                GradusException.class, () -> new Scaling(new double[] {0}, new double[] {1, 2}))
            .getMessage()
            .contains("expected=as many shifts as scales, actual=1, 2"));
    assertTrue(
        assertThrows(
                GradusException.class,
                () -> new Scaling(new double[] {0}, new double[] {Double.NaN}))
            .getMessage()
            .contains("expected=finite"));
    final Scaling two = new Scaling(new double[2], new double[] {1, 1});
    assertTrue(
        assertThrows(GradusException.class, () -> two.requireWidth(3))
            .getMessage()
            .contains("expected=1 or 3, actual=2"));
  }
}
