package dev.gradus.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gradus.kernel.KernelMode;
import dev.gradus.loss.Losses;
import dev.gradus.memory.GradusException;
import dev.gradus.nn.Activations;
import dev.gradus.nn.Network;
import dev.gradus.optim.Adam;
import dev.gradus.plan.Engine;
import dev.gradus.plan.EngineOptions;
import dev.gradus.plan.Parameters;
import dev.gradus.plan.PlanOptions;
import dev.gradus.plan.PlanReport;
import dev.gradus.plan.PredictPlan;
import dev.gradus.plan.TrainPlan;
import org.junit.jupiter.api.Test;

/** Off-heap memory is what was announced, and is given back. */
final class MemoryPromiseTest {
  private static final PlanOptions OPTIONS = new PlanOptions(64);
  private static final Network NETWORK = Network.mlp(Activations.RELU, 784, 256, 128, 10);

  private final Engine engine = Engine.open(new EngineOptions(2, "java"));

  @Test
  void shouldTakeExactlyWhatWasAnnounced() {
    final PlanReport announced =
        TrainPlan.dryRun(engine, NETWORK, Losses.softmaxCrossEntropy(), new Adam(1e-3), OPTIONS);
    assertEquals(0, engine.account().openBytes());
    final Parameters parameters = Parameters.initialise(engine, NETWORK, 1);
    assertEquals(announced.parameterBytes(), engine.account().openBytes());
    final TrainPlan plan =
        TrainPlan.compile(
            engine, NETWORK, parameters, Losses.softmaxCrossEntropy(), new Adam(1e-3), OPTIONS);
    assertEquals(announced, plan.report());
    assertEquals(announced.totalBytes(), engine.account().openBytes());
    plan.step(64);
    assertEquals(announced.totalBytes(), engine.account().peakBytes());
    plan.close();
    assertEquals(announced.parameterBytes(), engine.account().openBytes());
    parameters.close();
    assertEquals(0, engine.account().openBytes());
    engine.close();
  }

  @Test
  void shouldRefuseAPlanOverItsBudgetBeforeAllocating() {
    try (engine;
        Parameters parameters = Parameters.initialise(engine, NETWORK, 1)) {
      final long open = engine.account().openBytes();
      final long needed = PredictPlan.dryRun(engine, NETWORK, OPTIONS).planBytes();
      final GradusException thrown =
          assertThrows(
              GradusException.class,
              () ->
                  PredictPlan.compile(
                      engine, NETWORK, parameters, new PlanOptions(64, needed - 1)));
      assertEquals(
          "memory of the plan out of range: expected=at most "
              + (needed - 1)
              + " bytes, actual="
              + needed,
          thrown.getMessage());
      assertEquals(open, engine.account().openBytes());
      PredictPlan.compile(engine, NETWORK, parameters, new PlanOptions(64, needed)).close();
    }
  }

  @Test
  void shouldPredictInTheLargestPairOfNeighbours() {
    // SCALAR products need no scratch, so the workspace is activations alone.
    try (engine;
        Engine scalar = Engine.open(new EngineOptions(1, "java", KernelMode.SCALAR))) {
      final long largestPair = 64L * Float.BYTES * (784 + 256);
      final PlanReport predict = PredictPlan.dryRun(scalar, NETWORK, OPTIONS);
      assertEquals(largestPair, predict.workspaceBytes());
      final PlanReport train =
          TrainPlan.dryRun(scalar, NETWORK, Losses.softmaxCrossEntropy(), new Adam(1e-3), OPTIONS);
      assertEquals(largestPair, train.predictWorkspaceBytes());
      assertTrue(train.workspaceBytes() > largestPair);
      assertTrue(train.toString().contains("workspace of a predict plan: " + largestPair));
    }
  }
}
