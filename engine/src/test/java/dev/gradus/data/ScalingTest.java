package dev.gradus.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gradus.memory.GradusException;
import org.junit.jupiter.api.Test;

final class ScalingTest {
  private static final TextTable TABLE = new TextTable("1 5 1e9", "3 5 1000000002", "1000 5 7");

  @Test
  void shouldStandardiseByTheRowsGiven() {
    final Scaling scaling = Scaling.fit(Scaling.Kind.STANDARD, TABLE, new int[] {0, 1});
    assertEquals(-1, scaling.apply(0, 1), 1e-6);
    assertEquals(1, scaling.apply(0, 3), 1e-6);
    assertEquals(998, scaling.apply(0, 1000), 1e-3);
    assertEquals(1, scaling.apply(2, 1e9 + 2), 1e-4); // one part in 1e9 is left of 16 digits
    assertEquals(3, scaling.invert(0, 1), 1e-12);
  }

  @Test
  void shouldShiftAConstantColumnOnly() {
    final Scaling scaling = Scaling.fit(Scaling.Kind.STANDARD, TABLE, new int[] {0, 1});
    assertEquals(0, scaling.apply(1, 5));
    assertEquals(2, scaling.apply(1, 7));
  }

  @Test
  void shouldScaleToZeroUpToOneByTheRowsGiven() {
    final Scaling scaling = Scaling.fit(Scaling.Kind.MINMAX, TABLE, new int[] {0, 1});
    assertEquals(0, scaling.apply(0, 1));
    assertEquals(1, scaling.apply(0, 3));
    assertEquals(1.5, scaling.apply(0, 4));
    assertEquals(0, scaling.apply(1, 5));
    assertEquals(1, Scaling.fit(Scaling.Kind.MINMAX, new double[] {0, 1e308}).apply(0, 1e308));
    assertEquals(7, Scaling.fit(Scaling.Kind.NONE, TABLE, new int[] {0}).apply(2, 7));
  }

  @Test
  void shouldKnowKindsByName() {
    assertEquals(Scaling.Kind.MINMAX, Scaling.Kind.byName("minmax"));
    assertTrue(
        assertThrows(GradusException.class, () -> Scaling.Kind.byName("standart"))
            .getMessage()
            .contains("expected=one of [standard, minmax, none], nearest=standard"));
    assertTrue(
        assertThrows(GradusException.class, () -> Scaling.fit(Scaling.Kind.MINMAX, new double[0]))
            .getMessage()
            .contains("expected=1 or more, actual=0"));
  }

  @Test
  void shouldNotOverflow() {
    final double[] huge = {1e308, -1e308, 1e308, -1e308};
    final Scaling scaling = Scaling.fit(Scaling.Kind.STANDARD, huge);
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
