package dev.gradus.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gradus.loss.Loss;
import dev.gradus.loss.Losses;
import dev.gradus.memory.DType;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.Tensor;
import dev.gradus.nn.Network;
import dev.gradus.optim.Adam;
import dev.gradus.optim.Sgd;
import dev.gradus.plan.Engine;
import dev.gradus.plan.EngineOptions;
import dev.gradus.plan.EvaluatePlan;
import dev.gradus.plan.Parameters;
import dev.gradus.plan.PlanOptions;
import dev.gradus.plan.TrainPlan;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Activations and gradients that are read after a step. */
final class InspectionTest {
  private static final int ROWS = 5;
  private static final Loss LOSS = Losses.softmaxCrossEntropy();
  private static final Network NETWORK =
      Network.parse(
          "input(2,6) flatten() dense(9,relu) layer_norm() frozen(dense(7,tanh)) dense(4)");

  private final Engine engine = Engine.open(new EngineOptions(2, "java"));

  @AfterEach
  void closeEngine() {
    assertEquals(0, engine.account().openBytes());
    engine.close();
  }

  private static void fill(final Tensor input, final Tensor target) {
    final Random random = new Random(3);
    for (long i = 0; i < input.elements(); i++) {
      if (input.type().dtype() == DType.INT32) {
        input.setInt(i, random.nextInt(8));
      } else {
        input.set(i, (float) random.nextGaussian());
      }
    }
    for (long i = 0; i < target.elements(); i++) {
      target.setInt(i, random.nextInt(4));
    }
  }

  private TrainPlan train(
      final Network network, final Parameters parameters, final PlanOptions options) {
    final TrainPlan plan =
        TrainPlan.compile(engine, network, parameters, LOSS, new Sgd(0.125), options);
    fill(plan.input(), plan.target());
    return plan;
  }

  @Test
  void shouldShowWhatTheUpdateFollowed() {
    try (Parameters parameters = Parameters.initialise(engine, NETWORK, 1);
        Parameters before = Parameters.initialise(engine, NETWORK, 1);
        TrainPlan plan = train(NETWORK, parameters, new PlanOptions(ROWS).withInspection())) {
      plan.step(ROWS);
      for (final String name : List.of("1.weight", "1.bias", "2.weight", "2.bias", "4.weight")) {
        final Tensor gradient = plan.gradient(name);
        assertEquals(parameters.tensor(name).shape(), gradient.shape());
        for (long i = 0; i < gradient.elements(); i++) {
          final float start = before.tensor(name).get(i);
          // The decay of 0 adds 0; multiply and subtract, fused or not.
          final float expected = Math.fma(-0.125f, gradient.get(i), start);
          assertEquals(expected, parameters.tensor(name).get(i), Math.ulp(start), name);
        }
      }
    }
  }

  @Test
  void shouldShowLayersWithinBranches() {
    final Network network =
        Network.parse("input(2,6) flatten() residual(dense(9,relu) dense(12)) dense(4)");
    try (Parameters parameters = Parameters.initialise(engine, network, 1);
        TrainPlan plan = train(network, parameters, new PlanOptions(ROWS).withInspection())) {
      plan.step(ROWS);
      final float[] input = plan.activation("0").toFloatArray();
      final float[] branch = plan.activation("1.0.1").toFloatArray();
      final float[] sum = plan.activation("1").toFloatArray();
      for (int i = 0; i < sum.length; i++) {
        assertEquals(input[i] + branch[i], sum[i]);
      }
      // What adds to a sum has the sum's gradient.
      assertEquals(
          -1,
          Arrays.mismatch(
              plan.gradient("1").toFloatArray(), plan.gradient("1.0.1").toFloatArray()));
      assertEquals(plan.activation("1.0.0").shape(), plan.gradient("1.0.0").shape());
      assertTrue(plan.gradientNames().containsAll(List.of("0", "1.0.0", "1.0.1.weight", "input")));
    }
  }

  @Test
  void shouldChangeNoBits() {
    try (Parameters parameters = Parameters.initialise(engine, NETWORK, 1);
        Parameters plain = Parameters.initialise(engine, NETWORK, 1);
        TrainPlan seen = train(NETWORK, parameters, new PlanOptions(ROWS).withInspection());
        TrainPlan unseen = train(NETWORK, plain, new PlanOptions(ROWS))) {
      for (int step = 0; step < 3; step++) {
        assertEquals(unseen.step(ROWS), seen.step(ROWS));
      }
      assertEquals(plain.sha256(), parameters.sha256());
      assertTrue(seen.report().workspaceBytes() > unseen.report().workspaceBytes());
    }
  }

  @Test
  void shouldShowOutputsOfLayers() {
    try (Parameters parameters = Parameters.initialise(engine, NETWORK, 1);
        TrainPlan plan = train(NETWORK, parameters, new PlanOptions(ROWS).withInspection())) {
      plan.step(ROWS);
      assertEquals(
          -1, Arrays.mismatch(plan.input().toFloatArray(), plan.activation("0").toFloatArray()));
      for (final float value : plan.activation("1").toFloatArray()) {
        assertTrue(value >= 0, "relu gave " + value);
      }
      for (final float value : plan.activation("3").toFloatArray()) {
        assertTrue(Math.abs(value) <= 1, "tanh gave " + value);
      }
      assertEquals(
          -1, Arrays.mismatch(plan.output().toFloatArray(), plan.activation("4").toFloatArray()));
    }
  }

  /** The gradient of the input says how the loss changes with it. */
  @Test
  void shouldShowTheGradientOfTheInput() {
    final PlanOptions options = new PlanOptions(ROWS).withInspection();
    try (Parameters parameters = Parameters.initialise(engine, NETWORK, 1);
        TrainPlan plan = train(NETWORK, parameters, options);
        EvaluatePlan evaluate = EvaluatePlan.compile(engine, NETWORK, parameters, LOSS, options)) {
      plan.learningRate(0);
      plan.step(ROWS);
      fill(evaluate.input(), evaluate.target());
      final Tensor gradient = plan.gradient("input");
      final float step = 0x1p-9f;
      double largest = 0;
      for (long i = 0; i < gradient.elements(); i++) {
        final float x = evaluate.input().get(i);
        evaluate.input().set(i, x + step);
        final double above = evaluate.run(ROWS);
        evaluate.input().set(i, x - step);
        final double below = evaluate.run(ROWS);
        evaluate.input().set(i, x);
        largest = Math.max(largest, Math.abs(gradient.get(i)));
        // Ten times what rounding of the loss makes of it over twice the step.
        assertEquals((above - below) / (2 * step), gradient.get(i), 1e-3, "input " + i);
      }
      assertTrue(largest > 0.02, "no gradient is above the tolerance: " + largest);
    }
  }

  @Test
  void shouldShowGradientsOfTables() {
    final Network network = Network.parse("input(int,3) embedding(8,2) flatten() dense(4)");
    try (Parameters parameters = Parameters.initialise(engine, network, 1);
        TrainPlan plan = train(network, parameters, new PlanOptions(ROWS).withInspection())) {
      plan.step(1);
      int rows = 0;
      for (int row = 0; row < 8; row++) {
        rows += plan.gradient("0.weight").get(2L * row) != 0 ? 1 : 0;
      }
      assertTrue(rows >= 1 && rows <= 3, rows + " rows of a table have gradients");
    }
  }

  @Test
  void shouldSayWhatThereIs() {
    try (Parameters parameters = Parameters.initialise(engine, NETWORK, 1);
        TrainPlan plan = train(NETWORK, parameters, new PlanOptions(ROWS));
        TrainPlan inspected =
            TrainPlan.compile(
                engine,
                NETWORK,
                parameters,
                LOSS,
                new Adam(0.1),
                new PlanOptions(ROWS).withInspection())) {
      assertEquals(
          "gradient of plan mismatch: expected=a plan compiled with inspection,"
              + " actual=one without",
          assertThrows(GradusException.class, () -> plan.gradient("1.weight")).getMessage());
      assertEquals(
          "unknown gradient \"1.wight\": expected=one of [0, 1, 2, 3, 4, 1.weight, 1.bias,"
              + " 2.weight, 2.bias, 4.weight, 4.bias, input], nearest=1.weight",
          assertThrows(GradusException.class, () -> inspected.gradient("1.wight")).getMessage());
      assertEquals(
          "unknown activation \"9\": expected=one of [0, 1, 2, 3, 4]",
          assertThrows(GradusException.class, () -> inspected.activation("9"))
              .getMessage()
              .replaceFirst(", nearest=.*", ""));
    }
  }
}
