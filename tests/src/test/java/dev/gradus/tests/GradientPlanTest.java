package dev.gradus.tests;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gradus.loss.Loss;
import dev.gradus.loss.Losses;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.Tensor;
import dev.gradus.nn.Network;
import dev.gradus.optim.Sgd;
import dev.gradus.plan.Engine;
import dev.gradus.plan.EngineOptions;
import dev.gradus.plan.GradientPlan;
import dev.gradus.plan.Parameters;
import dev.gradus.plan.PlanOptions;
import dev.gradus.plan.PlanReport;
import dev.gradus.plan.TrainPlan;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Loss and gradients without an update. */
final class GradientPlanTest {
  private static final int ROWS = 5;
  private static final Loss LOSS = Losses.softmaxCrossEntropy();
  private static final PlanOptions OPTIONS = new PlanOptions(ROWS);
  private static final Network NETWORK =
      Network.parse("input(2,6) flatten() dense(9,relu) frozen(dense(7,tanh)) dense(4)");

  private final Engine engine = Engine.open(new EngineOptions(2, "java"));
  private final Parameters parameters = Parameters.initialise(engine, NETWORK, 1);

  @AfterEach
  void closeAll() {
    parameters.close();
    assertEquals(0, engine.account().openBytes());
    engine.close();
  }

  private GradientPlan plan() {
    final GradientPlan plan = GradientPlan.compile(engine, NETWORK, parameters, LOSS, OPTIONS);
    fill(plan.input(), plan.target());
    plan.weights().set(1, 0.5f);
    return plan;
  }

  private static void fill(final Tensor input, final Tensor target) {
    final Random random = new Random(3);
    for (long i = 0; i < input.elements(); i++) {
      input.set(i, (float) random.nextGaussian());
    }
    for (long i = 0; i < target.elements(); i++) {
      target.setInt(i, random.nextInt(4));
    }
  }

  @Test
  void shouldGiveTheGradientsOfATrainingStepAndChangeNothing() {
    try (GradientPlan plan = plan();
        TrainPlan train =
            TrainPlan.compile(
                engine, NETWORK, parameters, LOSS, new Sgd(0.1), OPTIONS.withInspection())) {
      fill(train.input(), train.target());
      train.weights().set(1, 0.5f);
      final String before = parameters.sha256();
      final float loss = plan.run(4);
      assertEquals(before, parameters.sha256());
      assertEquals(loss, plan.runLoss(4));
      plan.run(ROWS);
      assertEquals(loss, plan.run(4));
      assertEquals(loss, train.step(4));
      assertEquals(List.of("1.weight", "1.bias", "3.weight", "3.bias"), List.copyOf(plan.names()));
      for (final String name : plan.names()) {
        final float[] expected = train.gradient(name).toFloatArray();
        assertArrayEquals(expected, plan.gradient(name).toFloatArray(), 1e-7f, name);
      }
    }
  }

  @Test
  void shouldSeeParametersThatChangeBetweenRuns() {
    try (GradientPlan plan = plan()) {
      final float before = plan.run(ROWS);
      final Tensor bias = plan.parameter("3.bias");
      final float slope = plan.gradient("3.bias").get(0);
      final float step = 1e-2f;
      bias.set(0, bias.get(0) + step);
      final float after = plan.run(ROWS);
      assertEquals((slope + plan.gradient("3.bias").get(0)) / 2, (after - before) / step, 1e-4);
    }
  }

  @Tag("fresh-jvm")
  @Test
  void shouldTakeTheMemoryAnnouncedAndNoHeap() {
    final PlanReport announced = GradientPlan.dryRun(engine, NETWORK, LOSS, OPTIONS);
    try (GradientPlan plan = plan()) {
      assertEquals(announced, plan.report());
      assertEquals(announced.totalBytes(), engine.account().openBytes());
      AllocationTest.assertNoGarbage(
          () -> {
            plan.run(ROWS);
            plan.runLoss(2);
          });
    }
  }

  @Test
  void shouldRefuseWhatDoesNotFit() {
    try (GradientPlan plan = plan()) {
      assertRefused(
          "rows of a run out of range: expected=1 to 5, actual=6", () -> plan.run(ROWS + 1));
      assertRefused("unknown gradient \"2.weight\"", () -> plan.gradient("2.weight"));
      plan.weights().set(2, Float.NaN);
      assertRefused(
          "weight of row 2 out of range: expected=a finite number, actual=NaN",
          () -> plan.run(ROWS));
      plan.target().setInt(0, 4);
      assertRefused("0 to 3", () -> plan.run(ROWS));
    }
    final Network fixed = Network.parse("input(3) frozen(dense(4))");
    assertRefused(
        "learned parameters of input(3) frozen(dense(4)) mismatch: expected=one or more,"
            + " actual=none",
        () -> GradientPlan.dryRun(engine, fixed, LOSS, OPTIONS));
  }

  private static void assertRefused(final String part, final Runnable work) {
    final GradusException thrown = assertThrows(GradusException.class, work::run);
    assertTrue(thrown.getMessage().contains(part), thrown.getMessage());
  }
}
