package dev.gradus.tests;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gradus.loss.Losses;
import dev.gradus.memory.DType;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.Tensor;
import dev.gradus.nn.Network;
import dev.gradus.optim.Descent;
import dev.gradus.optim.Optimizers;
import dev.gradus.plan.Engine;
import dev.gradus.plan.EngineOptions;
import dev.gradus.plan.Parameters;
import dev.gradus.plan.PlanOptions;
import dev.gradus.plan.PredictPlan;
import dev.gradus.plan.TrainPlan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A warm-up leaves nothing behind but compiled code. */
final class PlanWarmUpTest {
  private static final int ROWS = 6;
  private static final String MLP = "input(12) dense(7,relu) dense(3)";

  /** What a training shows, step by step and at its end. */
  private record Course(
      List<Float> losses, String parameters, String averages, long steps, double rate) {}

  private static Course train(
      final String text, final String loss, final String optimizer, final int warmUpBefore) {
    final Network network = Network.parse(text);
    final Descent descent =
        Descent.of(Optimizers.byName(optimizer, 0.05)).withAverage(0.9).withAccumulation(2);
    try (Engine engine = Engine.open(new EngineOptions(2, "java"));
        Parameters parameters = Parameters.initialise(engine, network, 1);
        Parameters averages = Parameters.zeros(engine, network);
        TrainPlan plan =
            TrainPlan.compile(
                engine,
                network,
                parameters,
                Losses.byName(loss),
                descent,
                new PlanOptions(ROWS).withSeed(5))) {
      fill(plan.input(), 4);
      fill(plan.target(), 3);
      plan.weights().set(1, 0.5f);
      plan.learningRate(0.04);
      final List<Float> losses = new ArrayList<>();
      for (int step = 0; step < 5; step++) {
        if (step == warmUpBefore) {
          plan.warmUp(ROWS);
        }
        losses.add(plan.step(ROWS));
      }
      plan.copyAverages(averages);
      return new Course(
          losses, parameters.sha256(), averages.sha256(), plan.steps(), plan.learningRate());
    }
  }

  private static void fill(final Tensor tensor, final int below) {
    for (int i = 0; i < tensor.elements(); i++) {
      if (tensor.type().dtype() == DType.INT32) {
        tensor.setInt(i, i % below);
      } else {
        tensor.set(i, (float) Math.sin(i + 1.0));
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "input(12) dense(7,relu) dropout(0.5) batch_norm() dense(3) | cross-entropy | adam",
        "input(4,3) lstm(5,last,stateful) dense(2) | mse | momentum",
        "input(int,5) embedding(4,3) flatten() dense(3) | cross-entropy | adagrad",
        "input(1,6,6) conv2d(2,3,relu) max_pool2d(2) flatten() dense(3) | cross-entropy | sgd"
      })
  void shouldChangeNothingOfATraining(
      final String network, final String loss, final String optimizer) {
    final Course without = train(network, loss, optimizer, -1);
    assertEquals(without, train(network, loss, optimizer, 0), "before the first step");
    assertEquals(without, train(network, loss, optimizer, 3), "between steps");
  }

  @ParameterizedTest
  @ValueSource(strings = {"input(4,3) lstm(5,stateful) dense(2)", "input(int,5) embedding(4,3)"})
  void shouldChangeNothingOfPredictions(final String text) {
    final List<float[]> without = predictions(text, false);
    final List<float[]> with = predictions(text, true);
    for (int run = 0; run < without.size(); run++) {
      assertArrayEquals(without.get(run), with.get(run), "run " + run);
    }
  }

  private static List<float[]> predictions(final String text, final boolean warmUp) {
    final Network network = Network.parse(text);
    final List<float[]> outputs = new ArrayList<>();
    try (Engine engine = Engine.open(new EngineOptions(1, "java"));
        Parameters parameters = Parameters.initialise(engine, network, 1);
        PredictPlan plan =
            PredictPlan.compile(engine, network, parameters, new PlanOptions(ROWS))) {
      for (int run = 0; run < 3; run++) {
        fill(plan.input(), 4);
        if (warmUp && run == 1) {
          plan.warmUp(2);
        }
        plan.run(ROWS);
        outputs.add(plan.output().toFloatArray());
      }
    }
    return outputs;
  }

  @Test
  void shouldKeepTheBatchAndGiveItsMemoryBack() {
    final Network network = Network.parse(MLP);
    try (Engine engine = Engine.open(new EngineOptions(1, "java"));
        Parameters parameters = Parameters.initialise(engine, network, 1);
        TrainPlan plan =
            TrainPlan.compile(
                engine,
                network,
                parameters,
                Losses.softmaxCrossEntropy(),
                Optimizers.byName("adam", 0.1),
                new PlanOptions(ROWS))) {
      fill(plan.input(), 1);
      fill(plan.target(), 3);
      final float[] input = plan.input().toFloatArray();
      final long held = engine.account().openBytes();
      plan.warmUp(ROWS);
      assertArrayEquals(input, plan.input().toFloatArray());
      assertEquals(2, plan.target().getInt(2));
      assertEquals(held, engine.account().openBytes());
      assertEquals(
          held + plan.report().planBytes() + parameters.bytes(), engine.account().peakBytes());
    }
  }

  @Test
  void shouldLetOthersPredictMeanwhile() throws InterruptedException {
    final Network network = Network.parse(MLP);
    try (Engine engine = Engine.open(new EngineOptions(2, "java"));
        Parameters parameters = Parameters.initialise(engine, network, 1);
        PredictPlan warmed =
            PredictPlan.compile(engine, network, parameters, new PlanOptions(ROWS));
        PredictPlan other =
            PredictPlan.compile(engine, network, parameters, new PlanOptions(ROWS))) {
      fill(other.input(), 1);
      other.run(ROWS);
      final float[] expected = other.output().toFloatArray();
      final AtomicBoolean ends = new AtomicBoolean();
      final AtomicInteger equal = new AtomicInteger();
      final AtomicInteger runs = new AtomicInteger();
      final Thread predicting =
          Thread.ofPlatform()
              .start(
                  () -> {
                    do {
                      fill(other.input(), 1);
                      other.run(ROWS);
                      runs.incrementAndGet();
                      if (Arrays.equals(expected, other.output().toFloatArray())) {
                        equal.incrementAndGet();
                      }
                    } while (!ends.get());
                  });
      warmed.warmUp(ROWS);
      ends.set(true);
      predicting.join();
      assertTrue(runs.get() > 0);
      assertEquals(runs.get(), equal.get());
    }
  }

  @Test
  void shouldRefuseRowsBeyondCapacityAndClosedPlans() {
    final Network network = Network.parse(MLP);
    try (Engine engine = Engine.open(new EngineOptions(1, "java"));
        Parameters parameters = Parameters.initialise(engine, network, 1)) {
      final PredictPlan plan =
          PredictPlan.compile(engine, network, parameters, new PlanOptions(ROWS));
      assertMessage("rows of a run out of range: expected=1 to 6, actual=7", plan, ROWS + 1);
      assertMessage("rows of a run out of range: expected=1 to 6, actual=0", plan, 0);
      plan.close();
      final long held = engine.account().openBytes();
      assertMessage("workspace of the plan is closed: expected=open, actual=closed", plan, ROWS);
      assertEquals(held, engine.account().openBytes());
    }
  }

  private static void assertMessage(final String expected, final PredictPlan plan, final int rows) {
    assertEquals(
        expected, assertThrows(GradusException.class, () -> plan.warmUp(rows)).getMessage());
  }
}
