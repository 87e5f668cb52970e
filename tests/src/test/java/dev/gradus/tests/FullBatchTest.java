package dev.gradus.tests;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gradus.loss.Loss;
import dev.gradus.loss.Losses;
import dev.gradus.memory.GradusException;
import dev.gradus.nn.Network;
import dev.gradus.plan.Engine;
import dev.gradus.plan.EngineOptions;
import dev.gradus.plan.GradientPlan;
import dev.gradus.plan.Parameters;
import dev.gradus.plan.PlanOptions;
import dev.gradus.train.ConjugateGradient;
import dev.gradus.train.FullBatch;
import dev.gradus.train.FullBatchMethods;
import dev.gradus.train.Lbfgs;
import dev.gradus.train.LevenbergMarquardt;
import dev.gradus.train.RandomSearch;
import dev.gradus.train.SimulatedAnnealing;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Methods that take all data at once, on problems whose minimum is known. */
final class FullBatchTest {
  private static final int ROWS = 40;
  private static final Network LINEAR = Network.parse("input(3) dense(1)");
  private static final Network CURVED = Network.parse("input(1) dense(5,tanh) dense(1)");
  private static final Loss LOSS = Losses.meanSquaredError();

  private final Engine engine = Engine.open(new EngineOptions(1, "java"));

  @AfterEach
  void closeEngine() {
    assertEquals(0, engine.account().openBytes());
    engine.close();
  }

  static Stream<FullBatch> exact() {
    return Stream.of(
        new Lbfgs(), new Lbfgs(1, 1e-6), new ConjugateGradient(), new LevenbergMarquardt());
  }

  static Stream<FullBatch> strong() {
    return Stream.of(new Lbfgs(), new LevenbergMarquardt());
  }

  private interface Use {
    void of(GradientPlan plan, Parameters parameters);
  }

  private void with(final Network network, final Loss loss, final Use use) {
    try (Parameters parameters = Parameters.initialise(engine, network, 3);
        GradientPlan plan =
            GradientPlan.compile(engine, network, parameters, loss, new PlanOptions(ROWS))) {
      use.of(plan, parameters);
    }
  }

  /** Noisy targets of three features of different size, and weights. */
  private static void fillLinear(final GradientPlan plan) {
    final Random random = new Random(5);
    for (int row = 0; row < ROWS; row++) {
      double sum = 0.5 + 0.1 * random.nextGaussian();
      for (int i = 0; i < 3; i++) {
        final float x = (float) (random.nextGaussian() * (1 + i));
        plan.input().set(3L * row + i, x);
        sum += (i - 0.7) * x;
      }
      plan.target().set(row, (float) sum);
      plan.weights().set(row, 0.5f + random.nextFloat());
    }
  }

  private static void fillSine(final GradientPlan plan) {
    for (int row = 0; row < ROWS; row++) {
      final double x = -Math.PI + 2 * Math.PI * row / (ROWS - 1);
      plan.input().set(row, (float) x);
      plan.target().set(row, (float) Math.sin(x));
    }
  }

  /** Weighted least squares by the normal equations: weights, then the bias. */
  private static double[] leastSquares(final GradientPlan plan) {
    final double[][] a = new double[4][5];
    for (int row = 0; row < ROWS; row++) {
      final double[] x = {1, 1, 1, 1, plan.target().get(row)};
      for (int i = 0; i < 3; i++) {
        x[i] = plan.input().get(3L * row + i);
      }
      for (int i = 0; i < 4; i++) {
        for (int j = 0; j < 5; j++) {
          a[i][j] += plan.weights().get(row) * x[i] * x[j];
        }
      }
    }
    for (int k = 0; k < 4; k++) {
      for (int i = 0; i < 4; i++) {
        final double factor = a[i][k] / a[k][k];
        for (int j = k; j < 5 && i != k; j++) {
          a[i][j] -= factor * a[k][j];
        }
      }
    }
    return new double[] {
      a[0][4] / a[0][0], a[1][4] / a[1][1], a[2][4] / a[2][2], a[3][4] / a[3][3]
    };
  }

  @ParameterizedTest
  @MethodSource("exact")
  void shouldSolveLeastSquares(final FullBatch method) {
    with(
        LINEAR,
        LOSS,
        (plan, parameters) -> {
          fillLinear(plan);
          final FullBatch.Result result = method.minimise(plan, ROWS, 200);
          final double[] expected = leastSquares(plan);
          // Where the loss is flat to a float's half ulp, parameters are sure to its square root.
          for (int i = 0; i < 3; i++) {
            assertEquals(expected[i], parameters.tensor("0.weight").get(i), 5e-4, method.name());
          }
          assertEquals(expected[3], parameters.tensor("0.bias").get(0), 5e-4, method.name());
          assertEquals(plan.runLoss(ROWS), result.loss(), 1e-6 * result.loss());
          assertTrue(result.iterations() < 100, result.toString());
          assertTrue(result.runs() > result.iterations(), result.toString());
        });
  }

  @ParameterizedTest
  @MethodSource("strong")
  void shouldLearnASineWithFiveTanh(final FullBatch method) {
    with(
        CURVED,
        LOSS,
        (plan, parameters) -> {
          fillSine(plan);
          final double before = plan.runLoss(ROWS);
          final FullBatch.Result result = method.minimise(plan, ROWS, 500);
          assertTrue(before > 0.1 && result.loss() < 1e-4, before + " to " + result);
          assertEquals(plan.runLoss(ROWS), result.loss(), 1e-9);
        });
  }

  @Test
  void shouldImproveASineByConjugateGradients() {
    with(
        CURVED,
        LOSS,
        (plan, parameters) -> {
          fillSine(plan);
          final FullBatch.Result result = new ConjugateGradient().minimise(plan, ROWS, 500);
          assertTrue(result.loss() < 1e-3, result.toString());
        });
  }

  static Stream<FullBatch> blind() {
    return Stream.of(new RandomSearch(7, 0.5), new SimulatedAnnealing(7, 0.05, 0.1, 0.998));
  }

  @ParameterizedTest
  @MethodSource("blind")
  void shouldImproveASineWithoutGradients(final FullBatch method) {
    with(
        CURVED,
        LOSS,
        (plan, parameters) -> {
          fillSine(plan);
          final double before = plan.runLoss(ROWS);
          final FullBatch.Result result = method.minimise(plan, ROWS, 4000);
          assertTrue(before > 0.1 && result.loss() < 0.05, before + " to " + result);
          assertEquals((float) result.loss(), plan.runLoss(ROWS));
          assertEquals(4001, result.runs());
          final String first = parameters.sha256();
          try (Parameters start = Parameters.initialise(engine, CURVED, 3)) {
            parameters.copyFrom(start);
          }
          method.minimise(plan, ROWS, 4000);
          assertEquals(first, parameters.sha256(), "same seed");
        });
  }

  /** Two outputs, each with a residual of its own; the batch is as it was. */
  @Test
  void shouldSolveForSeveralOutputsAndLeaveTheBatch() {
    with(
        Network.parse("input(1) dense(2)"),
        LOSS,
        (plan, parameters) -> {
          for (int row = 0; row < ROWS; row++) {
            plan.input().set(row, row / 8f);
            plan.target().set(2L * row, 3 - row / 4f);
            plan.target().set(2L * row + 1, row / 8f + row % 2);
            plan.weights().set(row, row == 0 ? 2 : 1);
          }
          final float[] input = plan.input().toFloatArray();
          final float[] target = plan.target().toFloatArray();
          new LevenbergMarquardt().minimise(plan, ROWS, 50);
          assertArrayEquals(input, plan.input().toFloatArray());
          assertArrayEquals(target, plan.target().toFloatArray());
          assertEquals(2, plan.weights().get(0));
          assertEquals(-2, parameters.tensor("0.weight").get(0), 1e-4);
          assertEquals(3, parameters.tensor("0.bias").get(0), 1e-4);
          plan.run(ROWS);
          for (final String name : plan.names()) {
            for (final float slope : plan.gradient(name).toFloatArray()) {
              assertEquals(0, slope, 1e-5, name);
            }
          }
        });
  }

  @Test
  void shouldRefuseLevenbergMarquardtForOtherLosses() {
    with(
        LINEAR,
        Losses.meanAbsoluteError(),
        (plan, parameters) ->
            assertRefused(
                "loss of Levenberg-Marquardt mismatch: expected=mse, actual=",
                () -> new LevenbergMarquardt().minimise(plan, ROWS, 10)));
    with(
        LINEAR,
        LOSS,
        (plan, parameters) -> {
          plan.weights().set(2, -1);
          assertRefused(
              "weight of row 2 for Levenberg-Marquardt out of range: expected=0 or more",
              () -> new LevenbergMarquardt().minimise(plan, ROWS, 10));
        });
    assertRefused("decrease of damping", () -> new LevenbergMarquardt(1, 1, 10, 0));
    assertRefused("deviation", () -> new RandomSearch(1, 0));
    assertRefused("cooling", () -> new SimulatedAnnealing(1, 1, 1, 1.5));
  }

  @Test
  void shouldRest() {
    with(
        LINEAR,
        LOSS,
        (plan, parameters) -> {
          fillLinear(plan);
          new Lbfgs().minimise(plan, ROWS, 200);
          final String there = parameters.sha256();
          final FullBatch.Result result = new Lbfgs(5, 1).minimise(plan, ROWS, 200);
          assertEquals("gradient within its tolerance", result.reason());
          assertEquals(0, result.iterations());
          assertEquals(there, parameters.sha256());
        });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "dense(4) dropout(0.5) dense(1) | 1 dropout(0.5)",
        "dense(4) batch_norm() dense(1) | 1 batch_norm()",
        "residual(dense(3) dropout(0.1)) dense(1) | 0 residual(dense(3) dropout(0.1))"
      })
  void shouldRefuseLayersWhoseOutputChangesFromRunToRun(final String layers, final String layer) {
    final Network network = Network.parse("input(3) " + layers);
    for (final String name : FullBatchMethods.names()) {
      with(
          network,
          LOSS,
          (plan, parameters) -> {
            fillLinear(plan);
            final String before = parameters.sha256();
            final GradusException e =
                assertThrows(
                    GradusException.class,
                    () -> FullBatchMethods.byName(name, 1).minimise(plan, ROWS, 10));
            assertEquals(
                "network of a full-batch method mismatch: expected=layers whose output depends on"
                    + " parameters and input alone, actual="
                    + layer,
                e.getMessage());
            assertEquals(before, parameters.sha256());
          });
    }
  }

  @Test
  void shouldKnowEachByItsName() {
    for (final String name : FullBatchMethods.names()) {
      assertEquals(name, FullBatchMethods.byName(name, 1).name());
    }
    final GradusException e =
        assertThrows(GradusException.class, () -> FullBatchMethods.byName("bfgs", 1));
    assertEquals(
        "unknown full-batch method \"bfgs\": expected=one of [lbfgs, cg, lm, random, anneal],"
            + " nearest=lbfgs",
        e.getMessage());
  }

  @Test
  void shouldRefuseWhatItCannotMinimise() {
    with(
        LINEAR,
        LOSS,
        (plan, parameters) -> {
          fillLinear(plan);
          final String before = parameters.sha256();
          plan.target().set(0, Float.POSITIVE_INFINITY);
          for (final FullBatch method : exact().toList()) {
            assertRefused(
                "loss at the start out of range: expected=a finite number, actual=Infinity",
                () -> method.minimise(plan, ROWS, 10));
            assertRefused("rows of a run", () -> method.minimise(plan, ROWS + 1, 10));
            assertRefused(
                "iterations out of range: expected=1 or more, actual=0",
                () -> method.minimise(plan, ROWS, 0));
          }
          assertEquals(before, parameters.sha256());
        });
    assertRefused("history of L-BFGS", () -> new Lbfgs(0, 0));
    assertRefused("tolerance of the gradient", () -> new ConjugateGradient(Double.NaN));
  }

  private static void assertRefused(final String part, final Runnable work) {
    final GradusException thrown = assertThrows(GradusException.class, work::run);
    assertTrue(thrown.getMessage().contains(part), thrown.getMessage());
  }
}
