package dev.gradus.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DrawsTest {
  private static final int COUNT = 20_000;

  @Test
  void shouldDependOnSeedEpochRowAndRepeatAlone() {
    final Draws draws = new Draws(11);
    draws.start(3, 17, 0);
    draws.normal();
    final double second = draws.uniform(0, 1);
    draws.start(3, 18, 0);
    draws.normal();
    assertNotEquals(second, draws.uniform(0, 1), "another row");
    draws.start(4, 17, 0);
    draws.normal();
    assertNotEquals(second, draws.uniform(0, 1), "another epoch");
    draws.start(3, 17, 1);
    draws.normal();
    assertNotEquals(second, draws.uniform(0, 1), "another time");
    draws.start(3, 17, 0);
    draws.normal();
    assertEquals(second, draws.uniform(0, 1), "again");
    final Draws other = new Draws(12);
    other.start(3, 17, 0);
    other.normal();
    assertNotEquals(second, other.uniform(0, 1), "another seed");
  }

  /** Moments, and the share within one deviation: 0.6827. */
  @Test
  void shouldFollowTheNormalDistribution() {
    final Draws draws = new Draws(5);
    draws.start(0, 0, 0);
    double sum = 0;
    double squares = 0;
    double fourths = 0;
    int within = 0;
    for (int i = 0; i < COUNT; i++) {
      final double z = draws.normal();
      sum += z;
      squares += z * z;
      fourths += z * z * z * z;
      within += Math.abs(z) < 1 ? 1 : 0;
    }
    assertEquals(0, sum / COUNT, 4 / Math.sqrt(COUNT));
    assertEquals(1, squares / COUNT, 4 * Math.sqrt(2.0 / COUNT));
    assertEquals(3, fourths / COUNT, 4 * Math.sqrt(96.0 / COUNT));
    assertEquals(0.6827, (double) within / COUNT, 4 * Math.sqrt(0.6827 * 0.3173 / COUNT));
  }

  /** Variance of the beta distribution of two equal parameters: 1 / (4 (2 alpha + 1)). */
  @ParameterizedTest
  @ValueSource(doubles = {0.001, 0.2, 1, 4})
  void shouldFollowTheBetaDistribution(final double alpha) {
    final Draws draws = new Draws(5);
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < COUNT; i++) {
      draws.start(0, i, 0);
      final double share = draws.beta(alpha);
      assertTrue(share >= 0 && share <= 1, "share " + share);
      sum += share;
      squares += (share - 0.5) * (share - 0.5);
    }
    final double variance = 1 / (4 * (2 * alpha + 1));
    assertEquals(0.5, sum / COUNT, 4 * Math.sqrt(variance / COUNT));
    // The square is at most 1/4, so its deviation at most half of sqrt(variance).
    assertEquals(variance, squares / COUNT, 4 * 0.5 * Math.sqrt(variance / COUNT));
  }
}
