package dev.gradus.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.gradus.loss.Losses;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.Shape;
import dev.gradus.nn.Activations;
import dev.gradus.nn.Dense;
import dev.gradus.nn.Network;
import dev.gradus.optim.Adam;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;

/** Misuse of plans: refused before anything has changed, and what was open works on. */
@Timeout(60)
final class PlanUseTest {
  private static final int CAPACITY = 4;
  private static final float[] FEATURES = {0, 0, 0, 1, 1, 0, 1, 1};
  private static final int[] LABELS = {0, 1, 1, 0};

  private final Gate gate = new Gate();
  private final Network network =
      Network.of(Shape.batched(2), new Dense(8, Activations.TANH), gate, new Dense(2));
  private final Engine engine = Engine.open(new EngineOptions(2, "java"));
  private final Parameters parameters = Parameters.initialise(engine, network, 1);
  private final TrainPlan train =
      TrainPlan.compile(
          engine,
          network,
          parameters,
          Losses.softmaxCrossEntropy(),
          new Adam(0.1),
          new PlanOptions(CAPACITY));
  private final PredictPlan predict =
      PredictPlan.compile(engine, network, parameters, new PlanOptions(CAPACITY));
  private final EvaluatePlan evaluate =
      EvaluatePlan.compile(
          engine, network, parameters, Losses.softmaxCrossEntropy(), new PlanOptions(CAPACITY));

  PlanUseTest() {
    train.input().copyFrom(FEATURES);
    train.target().copyFrom(LABELS);
    evaluate.input().copyFrom(FEATURES);
    evaluate.target().copyFrom(LABELS);
    predict.input().copyFrom(FEATURES);
  }

  @AfterEach
  void close() {
    train.close();
    predict.close();
    evaluate.close();
    parameters.close();
    engine.close();
    assertEquals(0, engine.account().openBytes());
  }

  /** The weights after {@code steps} steps of a plan that nobody has misused. */
  private String expectedWeights(final int steps) {
    try (Parameters fresh = Parameters.initialise(engine, network, 1);
        TrainPlan plan =
            TrainPlan.compile(
                engine,
                network,
                fresh,
                Losses.softmaxCrossEntropy(),
                new Adam(0.1),
                new PlanOptions(CAPACITY))) {
      plan.input().copyFrom(FEATURES);
      plan.target().copyFrom(LABELS);
      for (int i = 0; i < steps; i++) {
        plan.step(CAPACITY);
      }
      return fresh.sha256();
    }
  }

  @Test
  void shouldRefuseWeightsThatAreNotFinite() {
    assertEquals(1f, train.weights().get(CAPACITY - 1), "weights not written");
    final String before = parameters.sha256();
    train.weights().set(2, Float.NaN);
    assertMessage(
        "weight of row 2 out of range: expected=a finite number, actual=NaN",
        () -> train.step(CAPACITY));
    assertEquals(before, parameters.sha256());
    assertEquals(0, train.steps());
    train.step(2); // without that row
    assertEquals(1, train.steps());
  }

  @Test
  void shouldRefuseRowsOutOfRangeAndWorkOn() {
    train.step(CAPACITY);
    for (final int rows : new int[] {0, -1, CAPACITY + 1, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
      final String message = "rows of a run out of range: expected=1 to 4, actual=" + rows;
      assertMessage(message, () -> train.step(rows));
      assertMessage(message, () -> predict.run(rows));
      assertMessage(message, () -> evaluate.run(rows));
    }
    assertEquals(1, train.steps());
    assertEquals(expectedWeights(1), parameters.sha256());
    train.step(CAPACITY);
    assertEquals(expectedWeights(2), parameters.sha256());
  }

  @Test
  void shouldRefuseLabelsOutOfRangeAndWorkOn() {
    train.step(CAPACITY);
    for (final int label : new int[] {-1, 2, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
      train.target().setInt(2, label);
      evaluate.target().setInt(2, label);
      final String message = "label 2 out of range: expected=0 to 1, actual=" + label;
      assertMessage(message, () -> train.step(CAPACITY));
      assertMessage(message, () -> train.step(3));
      assertMessage(message, () -> evaluate.run(CAPACITY));
    }
    assertEquals(1, train.steps());
    assertEquals(expectedWeights(1), parameters.sha256());
    evaluate.run(2);
    train.target().setInt(2, LABELS[2]);
    train.step(CAPACITY);
    assertEquals(expectedWeights(2), parameters.sha256());
  }

  @Test
  void shouldNotLookAtLabelsBehindTheRowsOfAStep() {
    train.target().setInt(3, 99);
    train.step(3);
    assertEquals(1, train.steps());
  }

  @Test
  void shouldRefuseRatesOutOfRange() {
    for (final double rate :
        new double[] {-1, -Double.MIN_VALUE, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertMessage(
          "learning rate out of range: expected=a finite float32 of 0 or more, actual=" + rate,
          () -> train.learningRate(rate));
    }
    assertEquals(0.1, train.learningRate());
    final String before = parameters.sha256();
    train.learningRate(0);
    train.step(CAPACITY);
    assertEquals(before, parameters.sha256(), "a rate of 0 leaves the weights as they are");
    train.learningRate(0.1);
    train.step(CAPACITY);
    assertNotEquals(before, parameters.sha256());
  }

  @Test
  void shouldRefuseASecondRunAtATime() throws InterruptedException {
    gate.shut();
    final Run run = new Run(() -> train.step(CAPACITY));
    gate.awaitRun();
    assertMessage(
        "plan is in use: expected=one run at a time, actual=a run in progress",
        () -> train.step(CAPACITY));
    assertMessage(
        "plan is in use: expected=no run in progress, actual=a run in progress", train::close);
    gate.open();
    run.requireSuccess();
    assertEquals(1, train.steps());
    assertEquals(expectedWeights(1), parameters.sha256());
    train.step(CAPACITY);
    assertEquals(expectedWeights(2), parameters.sha256());
  }

  @Test
  void shouldKeepParametersAndEngineOpenDuringARun() throws InterruptedException {
    gate.shut();
    final Run run = new Run(() -> train.step(CAPACITY));
    gate.awaitRun();
    assertMessage("parameters is in use: expected=no run in progress, actual=1", parameters::close);
    assertMessage("engine is in use: expected=no run in progress, actual=1", engine::close);
    gate.open();
    run.requireSuccess();
    assertEquals(expectedWeights(1), parameters.sha256());
  }

  @Test
  void shouldPredictWhileAnotherPlanTrains() throws InterruptedException {
    gate.shut();
    final Run run = new Run(() -> train.step(CAPACITY));
    gate.awaitRun();
    predict.run(CAPACITY);
    evaluate.run(CAPACITY);
    assertEquals(predict.output().get(7), evaluate.output().get(7), 0f);
    gate.open();
    run.requireSuccess();
    assertEquals(expectedWeights(1), parameters.sha256());
  }

  @Test
  void shouldPredictOnManyThreadsBesideTraining() throws InterruptedException {
    final int steps = 300;
    final List<Run> runs = new ArrayList<>();
    final AtomicBoolean trained = new AtomicBoolean();
    for (int i = 0; i < 2; i++) {
      runs.add(new Run(() -> predictUntil(trained)));
    }
    for (int i = 0; i < steps; i++) {
      train.step(CAPACITY);
    }
    trained.set(true);
    for (final Run run : runs) {
      run.requireSuccess();
    }
    assertEquals(expectedWeights(steps), parameters.sha256());
  }

  private void predictUntil(final AtomicBoolean trained) {
    try (PredictPlan plan =
        PredictPlan.compile(engine, network, parameters, new PlanOptions(CAPACITY))) {
      while (!trained.get()) {
        plan.input().copyFrom(FEATURES);
        plan.run(CAPACITY);
        for (int i = 0; i < 2 * CAPACITY; i++) {
          if (!Float.isFinite(plan.output().get(i))) {
            throw new AssertionError("output " + i + " is " + plan.output().get(i));
          }
        }
      }
    }
  }

  @Test
  void shouldRefuseUseAfterItWasClosed() {
    train.close();
    predict.close();
    evaluate.close();
    train.close();
    final String message = "workspace of the plan is closed: expected=open, actual=closed";
    assertMessage(message, () -> train.step(1));
    assertMessage(message, () -> predict.run(1));
    assertMessage(message, () -> evaluate.run(1));
    assertMessage(message, () -> train.input().set(0, 1));
    assertMessage(message, () -> train.target().setInt(0, 1));
    assertMessage(message, () -> predict.output().get(0));
    assertMessage(message, () -> predict.output().toFloatArray());
    assertEquals(0, train.steps());
    assertEquals(parameters.bytes(), engine.account().openBytes());
  }

  @Test
  void shouldRefuseToRunWithoutItsParameters() {
    parameters.close();
    final String message = "parameters is closed: expected=open, actual=closed";
    assertMessage(message, () -> train.step(1));
    assertMessage(message, () -> predict.run(1));
    assertMessage(message, () -> evaluate.run(1));
    assertMessage(message, parameters::sha256);
    assertMessage(message, () -> parameters.tensor("0.weight").get(0));
    assertMessage(
        message, () -> PredictPlan.compile(engine, network, parameters, new PlanOptions(CAPACITY)));
    assertEquals(0, train.steps());
  }

  @Test
  void shouldRefuseToRunWithoutItsEngine() {
    final String before = parameters.sha256();
    final long bytes = engine.account().openBytes();
    engine.close();
    engine.close();
    final String message = "engine is closed: expected=open, actual=closed";
    assertMessage(message, () -> train.step(1));
    assertMessage(message, () -> predict.run(1));
    assertMessage(message, () -> evaluate.run(1));
    assertMessage(message, () -> Parameters.zeros(engine, network));
    assertMessage(
        message, () -> PredictPlan.compile(engine, network, parameters, new PlanOptions(CAPACITY)));
    assertEquals(0, train.steps());
    assertEquals(before, parameters.sha256());
    assertEquals(bytes, engine.account().openBytes());
  }

  private static void assertMessage(final String expected, final Executable use) {
    assertEquals(expected, assertThrows(GradusException.class, use).getMessage());
  }

  /** Something that runs on a thread of its own. */
  private static final class Run {
    private final AtomicReference<Throwable> thrown = new AtomicReference<>();
    private final Thread thread;

    Run(final Runnable work) {
      thread = Thread.ofPlatform().uncaughtExceptionHandler((t, e) -> thrown.set(e)).start(work);
    }

    void requireSuccess() throws InterruptedException {
      thread.join();
      if (thrown.get() != null) {
        throw new AssertionError("the run failed", thrown.get());
      }
    }
  }
}
