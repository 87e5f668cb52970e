package dev.gradus.tests;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gradus.kernel.KernelMode;
import dev.gradus.loss.Losses;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.Tensor;
import dev.gradus.nn.Network;
import dev.gradus.optim.Adam;
import dev.gradus.optim.Descent;
import dev.gradus.plan.Engine;
import dev.gradus.plan.EngineOptions;
import dev.gradus.train.Gan;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A generator and a discriminator against a distribution whose mean and deviation are known. */
final class GanTest {
  private static final int ROWS = 64;
  private static final double MEAN = 3;
  private static final double DEVIATION = 0.5;

  private static Gan.Settings settings(final String kind) {
    final Descent descent = Descent.of(new Adam(0.002, 0.5, 0.999, 1e-8, 0));
    return new Gan.Settings(
        Network.parse("input(4) dense(16,leaky_relu(0.2)) dense(16,leaky_relu(0.2)) dense(1)"),
        Network.parse("input(1) dense(16,leaky_relu(0.2)) dense(16,leaky_relu(0.2)) dense(1)"),
        Losses.byName(kind + "-generator"),
        Losses.byName(kind + "-discriminator"),
        descent,
        descent);
  }

  private static void train(final Gan gan, final int steps) {
    final Random random = new Random(5);
    for (int step = 0; step < steps; step++) {
      for (int row = 0; row < ROWS; row++) {
        gan.real().set(row, (float) (MEAN + DEVIATION * random.nextGaussian()));
      }
      gan.step(ROWS);
    }
  }

  @Test
  void shouldLearnToDrawFromADistribution() {
    for (final String kind : new String[] {"gan", "lsgan"}) {
      try (Engine engine = Engine.open();
          Gan gan = Gan.open(engine, settings(kind), ROWS, 1)) {
        train(gan, 4000);
        double sum = 0;
        double squares = 0;
        for (int stream = 0; stream < 100; stream++) {
          final Tensor made = gan.generate(ROWS, stream);
          for (int row = 0; row < ROWS; row++) {
            sum += made.get(row);
            squares += made.get(row) * made.get(row);
          }
        }
        final double mean = sum / (100 * ROWS);
        assertEquals(MEAN, mean, 0.3, kind + ": mean of what is generated");
        final double deviation = Math.sqrt(squares / (100 * ROWS) - mean * mean);
        assertEquals(DEVIATION, deviation, 0.3, kind + ": deviation of what is generated");
      }
    }
  }

  @Test
  void shouldLearnAgainstACriticOfClippedWeights() {
    final Gan.Settings plain = settings("gan");
    final Gan.Settings clipped =
        new Gan.Settings(
            plain.generator(),
            plain.discriminator(),
            Losses.wassersteinGenerator(),
            Losses.wassersteinCritic(),
            plain.generatorDescent(),
            plain.discriminatorDescent().withWeightClip(0.1));
    try (Engine engine = Engine.open();
        Gan gan = Gan.open(engine, clipped, ROWS, 1)) {
      train(gan, 3000);
      double sum = 0;
      for (final float made : generated(gan)) {
        sum += made;
      }
      assertEquals(MEAN, sum / ROWS, 0.5, "mean of what is generated");
    }
  }

  @Test
  void shouldGenerateByTheAveragedWeightsOfADescentThatKeepsThem() {
    final Gan.Settings nonlinear = settings("gan");
    final Network line = Network.parse("input(4) dense(1)"); // its output is linear in its weights
    final Descent plain = nonlinear.generatorDescent();
    final double decay = 0.75;
    final float[][] made = new float[2][]; // before and after a step
    float[] averaged = null;
    for (final Descent descent : new Descent[] {plain, plain.withAverage(decay)}) {
      try (Engine engine = Engine.open();
          Gan gan =
              Gan.open(
                  engine,
                  new Gan.Settings(
                      line,
                      nonlinear.discriminator(),
                      nonlinear.generatorLoss(),
                      nonlinear.discriminatorLoss(),
                      descent,
                      nonlinear.discriminatorDescent()),
                  ROWS,
                  3)) {
        final float[] before = generated(gan);
        train(gan, 1);
        averaged = generated(gan);
        if (descent.averageDecay() == 0) {
          made[0] = before;
          made[1] = averaged;
        } else {
          assertArrayEquals(made[0], before);
        }
      }
    }
    for (int row = 0; row < ROWS; row++) {
      assertTrue(made[0][row] != made[1][row], "a step that changes nothing");
      final double expected = decay * made[0][row] + (1 - decay) * made[1][row];
      assertEquals(expected, averaged[row], 1e-6, "row " + row);
    }
  }

  private static float[] generated(final Gan gan) {
    final Tensor made = gan.generate(ROWS, 0);
    final float[] values = new float[ROWS];
    for (int row = 0; row < ROWS; row++) {
      values[row] = made.get(row);
    }
    return values;
  }

  @Test
  void shouldHaveTheSameBitsOnAnyNumberOfThreads() {
    String first = null;
    for (final int threads : new int[] {1, 3}) {
      for (final KernelMode mode : KernelMode.values()) {
        try (Engine engine = Engine.open(new EngineOptions(threads, "java", mode));
            Gan gan = Gan.open(engine, settings("gan"), ROWS, 2)) {
          train(gan, 20);
          first = first == null ? gan.sha256() : first;
          assertEquals(first, gan.sha256(), mode + ", " + threads + " threads");
        }
      }
    }
  }

  @Test
  void shouldRefuseNetworksThatDoNotFit() {
    final Gan.Settings fine = settings("gan");
    final GradusException e =
        assertThrows(
            GradusException.class,
            () ->
                new Gan.Settings(
                    Network.parse("input(4) dense(2)"),
                    fine.discriminator(),
                    fine.generatorLoss(),
                    fine.discriminatorLoss(),
                    fine.generatorDescent(),
                    fine.discriminatorDescent()));
    assertEquals("output of generator mismatch: expected=[N,1], actual=f32[N,2]", e.getMessage());
    try (Engine engine = Engine.open();
        Gan gan = Gan.open(engine, fine, 3, 1)) {
      assertEquals(
          "rows of a step out of range: expected=1 to 3, actual=4",
          assertThrows(GradusException.class, () -> gan.step(4)).getMessage());
      assertEquals(0, gan.steps());
    }
    try (Engine engine = Engine.open()) {
      assertThrows(GradusException.class, () -> Gan.open(engine, fine, 0, 1));
      assertEquals(0, engine.account().openBytes(), "left open by a refusal");
    }
  }
}
