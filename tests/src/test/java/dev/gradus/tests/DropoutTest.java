package dev.gradus.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gradus.kernel.KernelMode;
import dev.gradus.loss.Losses;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.Shape;
import dev.gradus.nn.Dense;
import dev.gradus.nn.Dropout;
import dev.gradus.nn.Network;
import dev.gradus.optim.Sgd;
import dev.gradus.plan.Engine;
import dev.gradus.plan.EngineOptions;
import dev.gradus.plan.Parameters;
import dev.gradus.plan.PlanOptions;
import dev.gradus.plan.PredictPlan;
import dev.gradus.plan.TrainPlan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What dropout drops: how much, where, when, and the same on any number of threads. */
final class DropoutTest {
  private static final int ROWS = 64;
  private static final int FEATURES = 501;
  private static final int COUNT = ROWS * FEATURES;

  /** Hands over a training plan of these layers whose input is ones; its rate is 0. */
  private static void withPlan(
      final Network network,
      final int threads,
      final KernelMode mode,
      final long seed,
      final Consumer<TrainPlan> work) {
    try (Engine engine = Engine.open(new EngineOptions(threads, "java", mode));
        Parameters parameters = Parameters.initialise(engine, network, 1);
        TrainPlan plan =
            TrainPlan.compile(
                engine,
                network,
                parameters,
                Losses.meanSquaredError(),
                new Sgd(0.1),
                new PlanOptions(ROWS).withSeed(seed))) {
      plan.learningRate(0);
      for (long i = 0; i < plan.input().elements(); i++) {
        plan.input().set(i, 1);
      }
      work.accept(plan);
    }
  }

  /** The outputs of some steps on ones, which are the masks. */
  private static List<float[]> masks(
      final Dropout dropout, final int threads, final KernelMode mode, final long seed) {
    final List<float[]> masks = new ArrayList<>();
    withPlan(
        Network.of(Shape.batched(FEATURES), dropout),
        threads,
        mode,
        seed,
        plan -> {
          for (int step = 0; step < 4; step++) {
            plan.step(ROWS);
            masks.add(plan.output().toFloatArray());
          }
        });
    return masks;
  }

  private static double deviations(final int hits, final int count, final double probability) {
    return (hits - count * probability) / Math.sqrt(count * probability * (1 - probability));
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.1, 0.5, 0.9})
  void shouldDropThatShareAndKeepTheMean(final double rate) {
    final List<float[]> masks = masks(new Dropout(rate), 1, KernelMode.VECTOR, 3);
    for (final float[] mask : masks) {
      int dropped = 0;
      int pairs = 0;
      int columns = 0;
      for (int i = 0; i < COUNT; i++) {
        assertTrue(mask[i] == 0 || mask[i] == (float) (1 / (1 - rate)), "factor " + mask[i]);
        dropped += mask[i] == 0 ? 1 : 0;
        pairs += mask[i] == 0 && mask[(i + 1) % COUNT] == 0 ? 1 : 0;
        columns += mask[i] == 0 && mask[(i + FEATURES) % COUNT] == 0 ? 1 : 0;
      }
      assertEquals(0, deviations(dropped, COUNT, rate), 5, "dropped");
      // Neighbours drop independently; a little more than five deviations, as pairs overlap.
      assertEquals(0, deviations(pairs, COUNT, rate * rate), 8, "neighbours in a row");
      assertEquals(0, deviations(columns, COUNT, rate * rate), 8, "neighbours in a column");
    }
    for (int step = 1; step < masks.size(); step++) {
      int both = 0;
      for (int i = 0; i < COUNT; i++) {
        both += masks.get(step)[i] == 0 && masks.get(step - 1)[i] == 0 ? 1 : 0;
      }
      assertEquals(0, deviations(both, COUNT, rate * rate), 5, "in two steps");
    }
  }

  @Test
  void shouldDropTheSameOnAnyThreadsInAnyForm() {
    for (final Dropout dropout : List.of(new Dropout(0.4), new Dropout(0.01))) {
      final List<float[]> expected = masks(dropout, 1, KernelMode.SCALAR, 9);
      for (final int threads : new int[] {1, 2, 3, 8}) {
        final List<float[]> masks = masks(dropout, threads, KernelMode.VECTOR, 9);
        for (int step = 0; step < masks.size(); step++) {
          assertEquals(-1, Arrays.mismatch(expected.get(step), masks.get(step)));
        }
      }
      assertFalse(
          Arrays.equals(expected.get(0), masks(dropout, 1, KernelMode.SCALAR, 10).get(0)),
          "another seed, the same mask");
    }
  }

  @Test
  void shouldDropInEveryLayerByItself() {
    final Network two = Network.of(Shape.batched(FEATURES), new Dropout(0.5), new Dropout(0.5));
    withPlan(
        two,
        1,
        KernelMode.VECTOR,
        3,
        plan -> {
          plan.step(ROWS);
          int kept = 0;
          for (final float value : plan.output().toFloatArray()) {
            kept += value == 4 ? 1 : 0;
          }
          assertEquals(0, deviations(kept, COUNT, 0.25), 5);
        });
  }

  @Test
  void shouldDropWholeChannels() {
    final int channels = 50;
    withPlan(
        Network.of(Shape.batched(channels, 3, 7), new Dropout(0.25, true)),
        3,
        KernelMode.VECTOR,
        3,
        plan -> {
          plan.step(ROWS);
          final float[] out = plan.output().toFloatArray();
          int dropped = 0;
          for (int channel = 0; channel < ROWS * channels; channel++) {
            for (int i = 1; i < 21; i++) {
              assertEquals(out[channel * 21], out[channel * 21 + i]);
            }
            dropped += out[channel * 21] == 0 ? 1 : 0;
          }
          assertEquals(0, deviations(dropped, ROWS * channels, 0.25), 5);
        });
  }

  @Test
  void shouldChangeNothingInPrediction() {
    final Network network = Network.of(Shape.batched(5), new Dense(4), new Dropout(0.5));
    final Network without = Network.of(Shape.batched(5), new Dense(4));
    try (Engine engine = Engine.open(new EngineOptions(1, "java"));
        Parameters parameters = Parameters.initialise(engine, network, 1);
        PredictPlan a = PredictPlan.compile(engine, network, parameters, new PlanOptions(3));
        PredictPlan b = PredictPlan.compile(engine, without, parameters, new PlanOptions(3))) {
      for (final PredictPlan plan : List.of(a, b)) {
        for (long i = 0; i < 15; i++) {
          plan.input().set(i, (float) (i - 7));
        }
        plan.run(3);
      }
      assertEquals(-1, Arrays.mismatch(a.output().toFloatArray(), b.output().toFloatArray()));
    }
  }

  @Tag("fresh-jvm")
  @Test
  void shouldTrainWithoutGarbage() {
    withPlan(
        Network.of(Shape.batched(100), new Dense(70), new Dropout(0.5), new Dense(3)),
        3,
        KernelMode.VECTOR,
        3,
        plan -> AllocationTest.assertNoGarbage(() -> plan.step(ROWS)));
  }

  @Test
  void shouldRefuseRatesAndShapesThatMakeNoSense() {
    for (final double rate : new double[] {0, 1, -0.5, 1.5, Double.NaN}) {
      assertEquals(
          "rate of dropout out of range: expected=above 0 and below 1, actual=" + rate,
          assertThrows(GradusException.class, () -> new Dropout(rate)).getMessage());
    }
    assertEquals(
        "shape of input of spatial_dropout mismatch: expected=[N,channels,...], actual=[N,7] (layer"
            + " 0, spatial_dropout(0.5))",
        assertThrows(
                GradusException.class, () -> Network.of(Shape.batched(7), new Dropout(0.5, true)))
            .getMessage());
    assertEquals(
        "rate of dropout mismatch: expected=a number, actual=\"half\"",
        assertThrows(GradusException.class, () -> Network.parse("input(3) dropout(half)"))
            .getMessage());
    assertEquals(
        "arguments of spatial_dropout mismatch: expected=rate, actual=[]",
        assertThrows(GradusException.class, () -> Network.parse("input(3) spatial_dropout()"))
            .getMessage());
    final String text = "input(2,3) dropout(0.5) spatial_dropout(0.25)";
    assertEquals(text, Network.parse(text).describe());
  }
}
