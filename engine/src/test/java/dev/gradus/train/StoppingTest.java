package dev.gradus.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gradus.data.Batches;
import dev.gradus.data.Dataset;
import dev.gradus.data.Split;
import dev.gradus.loss.Losses;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.Shape;
import dev.gradus.memory.TensorType;
import dev.gradus.nn.Activations;
import dev.gradus.nn.Dense;
import dev.gradus.nn.Network;
import dev.gradus.optim.ReduceOnPlateau;
import dev.gradus.optim.Sgd;
import dev.gradus.optim.StepDecay;
import dev.gradus.plan.Engine;
import dev.gradus.plan.EvaluatePlan;
import dev.gradus.plan.Parameters;
import dev.gradus.plan.PlanOptions;
import dev.gradus.plan.TrainPlan;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

final class StoppingTest {
  private static final int ROWS = 16;
  private static final int BATCH = 4;

  private final Engine engine = Engine.open();
  private final Network network =
      Network.of(Shape.batched(1), new Dense(4, Activations.TANH), new Dense(1));
  private final Parameters parameters = Parameters.initialise(engine, network, 1);
  private final TrainPlan plan =
      TrainPlan.compile(
          engine,
          network,
          parameters,
          Losses.meanSquaredError(),
          new Sgd(0.1),
          new PlanOptions(BATCH));
  private final TensorType column = TensorType.float32(Shape.batched(1));
  private final Dataset data = Dataset.open(engine.account(), column, column, ROWS);
  private final Batches batches = new Batches(data, Split.all(ROWS), BATCH, 1, true, true);
  private final EvaluatePlan scoring =
      EvaluatePlan.compile(
          engine, network, parameters, Losses.meanSquaredError(), new PlanOptions(ROWS));

  StoppingTest() {
    for (int i = 0; i < ROWS; i++) {
      final float x = i / 8f - 1;
      data.features().set(i, x);
      data.targets().set(i, 2 * x + 1);
    }
  }

  @AfterEach
  void close() {
    scoring.close();
    plan.close();
    data.close();
    parameters.close();
    engine.close();
    assertEquals(0, engine.account().openBytes());
  }

  private Trainer trainer(final Stopping... rules) {
    return new Trainer(plan, batches, new TrainListener() {}).stopping(rules);
  }

  @Test
  void shouldStopAfterANumberOfStepsOfTheRun() {
    final Trainer trainer = trainer(new MaxSteps(6));
    final Trainer.Result result = trainer.run(5);
    assertEquals(6, result.steps());
    assertEquals(1, result.epochs());
    assertEquals("made 6 steps", result.reason());
    assertEquals(12, trainer.run(5).steps());
    assertNull(trainer(new MaxSteps(5)).run(1).reason(), "all epochs were done");
  }

  @Test
  void shouldStopWhenTheTimeIsOver() {
    final long[] now = {500};
    final TimeBudget budget = new TimeBudget(1.5, () -> now[0]);
    budget.begin();
    now[0] += 1_499_999_999L;
    assertNull(budget.afterStep(1, 0));
    now[0]++;
    assertEquals("1.50000 seconds are over", budget.afterStep(2, 0));
    assertEquals(1, trainer(new TimeBudget(1e-9)).run(5).steps());
  }

  @Test
  void shouldStopAtTheTargetLoss() {
    final Trainer.Result result = trainer(new TargetLoss(0.01)).run(1000);
    assertTrue(result.loss() <= 0.01, result.toString());
    assertTrue(result.epochs() > 1 && result.epochs() < 1000, result.toString());
    assertTrue(result.reason().endsWith("target of 0.01 after epoch " + result.epochs()));
  }

  @Test
  void shouldStopWhereTheLossGrows() {
    final LossGrowth rule = new LossGrowth(10);
    rule.begin();
    assertNull(rule.afterEpoch(1, 5, 5));
    assertNull(rule.afterEpoch(2, 0.5, 0.5));
    assertNull(rule.afterEpoch(3, 5, 5));
    assertEquals(
        "diverged: loss 5.5 of epoch 4 is over 10.0 times 0.5", rule.afterEpoch(4, 5.5, 5.5));
  }

  @Test
  void shouldStopWhereParametersRest() {
    try (ParameterChange rule = new ParameterChange(engine, network, parameters, 1e-3)) {
      assertTrue(trainer(rule).run(10_000).epochs() < 10_000);
      plan.learningRate(0);
      assertEquals(
          "parameters changed by less than 0.001 of their norm in epoch 1",
          trainer(rule).run(2).reason());
    }
  }

  @Test
  void shouldRestoreTheBestWeights() {
    final List<String> weights = new ArrayList<>();
    final List<Double> losses = new ArrayList<>();
    final TrainListener log =
        new TrainListener() {
          @Override
          public void afterValidation(final int epoch, final Evaluation score) {
            weights.add(parameters.sha256());
            losses.add(score.loss());
            if (epoch == 3) {
              plan.learningRate(3); // so large that the loss grows
            }
          }
        };
    try (EarlyStopping rule = new EarlyStopping(engine, network, parameters, 4, 0)) {
      final Trainer.Result result =
          new Trainer(plan, batches, log).validation(scoring, batches).stopping(rule).run(100);
      assertEquals(7, result.epochs(), losses.toString());
      assertEquals("loss has not fallen for 4 epochs; the best is of epoch 3", result.reason());
      assertEquals(3, rule.bestEpoch());
      assertEquals(losses.get(2), rule.best());
      assertEquals(weights.get(2), parameters.sha256());
      assertNotEquals(weights.get(6), parameters.sha256());
      assertEquals(losses.get(2), Evaluation.of(scoring, batches).loss());
    }
  }

  @Test
  void shouldKeepTheFirstWeightsWhereNoEpochWasCompleted() {
    try (EarlyStopping rule = new EarlyStopping(engine, network, parameters, 1, 0)) {
      trainer(rule, new MaxSteps(1)).run(1);
      final String weights = parameters.sha256();
      assertEquals(0, rule.bestEpoch());
      rule.end();
      assertEquals(weights, parameters.sha256());
    }
  }

  @Test
  void shouldFollowTheSchedule() {
    final List<Double> rates = new ArrayList<>();
    final TrainListener log =
        new TrainListener() {
          @Override
          public void afterStep(
              final int epoch,
              final long step,
              final int rows,
              final float loss,
              final long nanos) {
            rates.add(plan.learningRate());
          }
        };
    new Trainer(plan, batches, log).schedule(new StepDecay(2, 0.5)).run(2);
    assertEquals(List.of(0.1, 0.1, 0.05, 0.05, 0.025, 0.025, 0.0125, 0.0125), rates);
    rates.clear();
    plan.learningRate(0.5);
    final ReduceOnPlateau plateau = new ReduceOnPlateau(0.5, 0, 0.99, 0, 0);
    new Trainer(plan, batches, log).schedule(plateau).validation(scoring, batches).run(3);
    assertEquals(
        List.of(0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.25, 0.25, 0.25, 0.25),
        rates,
        "the second epoch is no 99 % better than the first");
  }

  @Test
  void shouldNameTheValueThatOverflowsAndKeepTheWeights() {
    parameters.tensor("1.weight").set(0, Float.MAX_VALUE);
    parameters.tensor("1.weight").set(1, Float.MAX_VALUE);
    parameters.tensor("0.bias").copyFrom(new float[] {30, 30, 0, 0});
    final String weights = parameters.sha256();
    final String message = assertThrows(GradusException.class, () -> trainer().run(1)).getMessage();
    assertTrue(
        message.startsWith(
            "loss at step 1 (epoch 1): expected=a finite number, actual=Infinity, first in"
                + " matmul"),
        message);
    assertTrue(message.endsWith(":f32[N,1]"), message);
    assertEquals(weights, parameters.sha256());
    assertEquals(0, plan.steps());
    parameters.tensor("0.weight").set(0, Float.NaN);
    assertTrue(
        assertThrows(GradusException.class, () -> trainer().run(1))
            .getMessage()
            .endsWith("actual=NaN, first in parameter 0.weight:f32[1,4]"));
  }

  @Test
  void shouldRefuseSettingsOutOfRange() {
    assertMessage("most steps out of range: expected=1 or more, actual=0", () -> new MaxSteps(0));
    assertMessage(
        "most seconds out of range: expected=above 0, actual=NaN",
        () -> new TimeBudget(Double.NaN));
    assertMessage(
        "target loss out of range: expected=a finite number, actual=-Infinity",
        () -> new TargetLoss(Double.NEGATIVE_INFINITY));
    assertMessage(
        "growth of the loss out of range: expected=above 1, actual=1.0", () -> new LossGrowth(1));
    assertMessage(
        "patience out of range: expected=1 or more, actual=0",
        () -> new EarlyStopping(engine, network, parameters, 0, 0));
    assertMessage(
        "least fall of the metric out of range: expected=0 or more, actual=-1.0",
        () -> new EarlyStopping(engine, network, parameters, 1, -1));
    assertMessage(
        "least change of parameters out of range: expected=above 0, actual=0.0",
        () -> new ParameterChange(engine, network, parameters, 0));
  }

  private static void assertMessage(final String expected, final Executable use) {
    assertEquals(expected, assertThrows(GradusException.class, use).getMessage());
  }
}
