package dev.gradus.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gradus.graph.Value;
import dev.gradus.graph.op.Activate;
import dev.gradus.graph.op.CountRun;
import dev.gradus.loss.Losses;
import dev.gradus.memory.Shape;
import dev.gradus.nn.Activations;
import dev.gradus.nn.Dense;
import dev.gradus.nn.Frozen;
import dev.gradus.nn.Initializers;
import dev.gradus.nn.Layer;
import dev.gradus.nn.Network;
import dev.gradus.nn.Parameter;
import dev.gradus.nn.Scope;
import dev.gradus.optim.Adam;
import dev.gradus.plan.Engine;
import dev.gradus.plan.EngineOptions;
import dev.gradus.plan.EvaluatePlan;
import dev.gradus.plan.Parameters;
import dev.gradus.plan.PlanOptions;
import dev.gradus.plan.PredictPlan;
import dev.gradus.plan.TrainPlan;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Layers that train in another way than they predict, with buffers, and frozen layers. */
final class ModesTest {
  private static final int ROWS = 4;

  private final Engine engine = Engine.open(new EngineOptions(1, "java"));

  @AfterEach
  void closeEngine() {
    assertEquals(0, engine.account().openBytes());
    engine.close();
  }

  /** Counts training steps in a buffer; relu in training, nothing in prediction. */
  private record Counter() implements Layer {
    @Override
    public Value define(final Scope scope, final Value input) {
      final Value count = scope.buffer("count", CountRun.COUNT, Initializers.zeros());
      if (!scope.training()) {
        return input;
      }
      scope.graph().applyAll(new CountRun(), count);
      return scope.graph().apply(new Activate(Activations.RELU), input);
    }

    @Override
    public String describe() {
      return "counter()";
    }
  }

  private static final Network NETWORK =
      Network.of(Shape.batched(3), new Dense(5), new Counter(), new Dense(2));

  private TrainPlan train(final Network network, final Parameters parameters) {
    final TrainPlan plan =
        TrainPlan.compile(
            engine,
            network,
            parameters,
            Losses.meanSquaredError(),
            new Adam(0.1),
            new PlanOptions(ROWS));
    for (long i = 0; i < plan.input().elements(); i++) {
      plan.input().set(i, (float) (i % 5 - 2));
    }
    return plan;
  }

  private static float[] values(final Parameters parameters, final String name) {
    final float[] values = new float[(int) parameters.tensor(name).elements()];
    parameters.tensor(name).copyTo(values);
    return values;
  }

  @Test
  void shouldDefineTheGraphOfItsMode() {
    assertEquals(4, NETWORK.define().graph().nodes().size());
    assertEquals(6, NETWORK.defineTraining(0).graph().nodes().size());
    assertEquals(
        NETWORK.define().parameters().stream().map(Parameter::name).toList(),
        NETWORK.defineTraining(1).parameters().stream().map(Parameter::name).toList());
    assertEquals(3 * 5 + 5 + 5 * 2 + 2, NETWORK.parameterCount(), "a buffer is not learned");
    assertEquals(
        List.of("0.weight", "0.bias", "2.weight", "2.bias"),
        NETWORK.define().learned().stream().map(Value::name).toList());
  }

  @Test
  void shouldUpdateBuffersInTrainingAlone() {
    try (Parameters parameters = Parameters.initialise(engine, NETWORK, 1);
        TrainPlan plan = train(NETWORK, parameters);
        PredictPlan predict =
            PredictPlan.compile(engine, NETWORK, parameters, new PlanOptions(ROWS));
        EvaluatePlan evaluate =
            EvaluatePlan.compile(
                engine, NETWORK, parameters, Losses.meanSquaredError(), new PlanOptions(ROWS))) {
      assertEquals(NETWORK.parameterCount(), parameters.count());
      for (int step = 1; step <= 3; step++) {
        plan.step(ROWS);
        predict.run(ROWS);
        evaluate.run(ROWS);
        assertEquals(step, values(parameters, "1.count")[0]);
      }
    }
  }

  @Test
  void shouldPredictAsItDoesNotTrain() {
    try (Parameters parameters = Parameters.initialise(engine, NETWORK, 1);
        TrainPlan plan = train(NETWORK, parameters);
        PredictPlan predict =
            PredictPlan.compile(engine, NETWORK, parameters, new PlanOptions(ROWS))) {
      predict.input().copyFrom(plan.input());
      predict.run(ROWS);
      plan.learningRate(0);
      plan.step(ROWS);
      boolean differs = false;
      for (long i = 0; i < plan.output().elements(); i++) {
        differs |= plan.output().get(i) != predict.output().get(i);
      }
      assertTrue(differs, "relu was in both or in neither");
    }
  }

  @Test
  void shouldLeaveFrozenLayersAlone() {
    final Network frozen =
        Network.of(
            Shape.batched(3),
            new Dense(5),
            new Frozen(new Dense(4, Activations.TANH)),
            new Frozen(new Counter()),
            new Dense(2));
    assertEquals(
        "input(3) dense(5) frozen(dense(4,tanh)) frozen(counter()) dense(2)", frozen.describe());
    assertEquals(3 * 5 + 5 + 5 * 4 + 4 + 4 * 2 + 2, frozen.parameterCount());
    try (Parameters parameters = Parameters.initialise(engine, frozen, 1);
        TrainPlan plan = train(frozen, parameters)) {
      final float[] weight = values(parameters, "1.weight");
      final float[] bias = values(parameters, "1.bias");
      final float[] first = values(parameters, "0.weight");
      plan.step(ROWS);
      plan.step(ROWS);
      assertTrue(Arrays.equals(weight, values(parameters, "1.weight")));
      assertTrue(Arrays.equals(bias, values(parameters, "1.bias")));
      assertEquals(0, values(parameters, "2.count")[0]);
      assertFalse(Arrays.equals(first, values(parameters, "0.weight")), "gradients pass through");
    }
  }

  @Test
  void shouldTakeNoStateAndNoWorkForFrozenLayers() {
    final Network all = Network.of(Shape.batched(3), new Dense(5), new Dense(4), new Dense(2));
    final Network some =
        Network.of(Shape.batched(3), new Frozen(new Dense(5)), new Dense(4), new Dense(2));
    try (Parameters parameters = Parameters.initialise(engine, all, 1);
        TrainPlan plan = train(all, parameters);
        TrainPlan less = train(some, parameters)) {
      // Adam's two slots of a cache line or more, for a weight of 15 floats and a bias of 5.
      assertEquals(plan.report().stateBytes() - 2 * (64 + 64), less.report().stateBytes());
      // Gradients of weight and bias, both updates; and the gradient with respect to its output.
      assertEquals(plan.report().steps().size() - 5, less.report().steps().size());
      assertNotEquals(0, less.step(ROWS));
    }
  }
}
