package dev.gradus.bench.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class EstimateTest {
  private static final double MARGIN = 0.1;

  @Test
  void shouldTakeMedianAndAllOfAFew() {
    assertEquals(new Estimate(3, 1, 9, 5), Estimate.of(9, 1, 3, 2, 4));
    assertEquals(new Estimate(2.5, 1, 4, 4), Estimate.of(4, 1, 3, 2));
    assertEquals(new Estimate(7, 7, 7, 1), Estimate.of(7));
  }

  /** 8 ratios: one may be left out at each end (2 * 9 / 256 = 7.0 %); of 7 none (12.5 %). */
  @Test
  void shouldLeaveOutEndsOfMany() {
    assertEquals(new Estimate(5, 2, 8, 9), Estimate.of(1, 2, 3, 4, 5, 6, 7, 8, 9));
    assertEquals(new Estimate(4.5, 2, 7, 8), Estimate.of(1, 2, 3, 4, 5, 6, 7, 8));
    assertEquals(new Estimate(4, 1, 7, 7), Estimate.of(1, 2, 3, 4, 5, 6, 7));
  }

  @Test
  void shouldAskForBothMarginAndSeparation() {
    final Estimate before = new Estimate(1, 0.95, 1.05, 6);
    assertTrue(new Estimate(1.2, 1.15, 1.25, 6).isWorseThan(before, MARGIN));
    assertFalse(new Estimate(1.2, 1.04, 1.25, 6).isWorseThan(before, MARGIN), "they overlap");
    assertFalse(new Estimate(1.09, 1.08, 1.1, 6).isWorseThan(before, MARGIN), "within margin");
    assertFalse(new Estimate(0.8, 0.7, 0.9, 6).isWorseThan(before, MARGIN), "faster");
  }

  @Test
  void shouldCatchASlowDownOfTwentyPercentAndNoNoise() {
    final SplittableRandom random = new SplittableRandom(3);
    for (int run = 0; run < 200; run++) {
      final Estimate before = Estimate.of(noisy(random, 1));
      assertTrue(Estimate.of(noisy(random, 1.2)).isWorseThan(before, MARGIN), "run " + run);
      assertFalse(Estimate.of(noisy(random, 1)).isWorseThan(before, MARGIN), "run " + run);
    }
  }

  /** The gate's eight forks of up to 4 % noise each way, one disturbed all the time. */
  private static double[] noisy(final SplittableRandom random, final double ratio) {
    final double[] ratios = new double[8];
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] = ratio * (0.96 + 0.08 * random.nextDouble());
    }
    ratios[7] *= 2;
    return ratios;
  }
}
