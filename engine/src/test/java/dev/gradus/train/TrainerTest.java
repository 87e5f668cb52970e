package dev.gradus.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gradus.data.Batches;
import dev.gradus.data.Dataset;
import dev.gradus.data.Split;
import dev.gradus.loss.Loss;
import dev.gradus.loss.Losses;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.Shape;
import dev.gradus.memory.TensorType;
import dev.gradus.nn.Activations;
import dev.gradus.nn.Dense;
import dev.gradus.nn.Network;
import dev.gradus.optim.Adam;
import dev.gradus.optim.Descent;
import dev.gradus.optim.Sgd;
import dev.gradus.plan.Engine;
import dev.gradus.plan.EvaluatePlan;
import dev.gradus.plan.Parameters;
import dev.gradus.plan.PlanOptions;
import dev.gradus.plan.TrainPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class TrainerTest {
  private static final int ROWS = 50;
  private static final int BATCH = 8;
  private static final long SEED = 3;
  private static final Loss LOSS = Losses.softmaxCrossEntropy();

  private final Engine engine = Engine.open();
  private final Network network = Network.mlp(Activations.TANH, 2, 16, 2);
  private final Parameters parameters = Parameters.initialise(engine, network, SEED);
  private final TrainPlan plan =
      TrainPlan.compile(engine, network, parameters, LOSS, new Adam(0.05), new PlanOptions(BATCH));
  private final Dataset data = Dataset.classification(engine.account(), Shape.batched(2), ROWS);
  private final Batches batches = new Batches(data, Split.all(ROWS), BATCH, SEED, true, true);

  TrainerTest() {
    final Random random = new Random(SEED);
    for (long row = 0; row < ROWS; row++) {
      final float a = (0.2f + random.nextFloat()) * (random.nextBoolean() ? 1 : -1);
      final float b = (0.2f + random.nextFloat()) * (random.nextBoolean() ? 1 : -1);
      data.features().set(2 * row, a);
      data.features().set(2 * row + 1, b);
      data.targets().setInt(row, a * b > 0 ? 1 : 0);
    }
  }

  @AfterEach
  void close() {
    plan.close();
    data.close();
    parameters.close();
    engine.close();
    assertEquals(0, engine.account().openBytes());
  }

  /** Writes down what it is told, and may stop the run. */
  private static final class Log implements TrainListener {
    final List<String> steps = new ArrayList<>();
    final List<Float> losses = new ArrayList<>();
    final List<String> epochs = new ArrayList<>();
    double epochLoss;
    double epochAccuracy;
    long stopAt;
    Trainer stopped;

    @Override
    public void afterStep(
        final int epoch, final long step, final int rows, final float loss, final long nanos) {
      steps.add(epoch + "/" + step + "/" + rows);
      losses.add(loss);
      assertTrue(nanos > 0);
      if (step == stopAt) {
        stopped.stop();
      }
    }

    @Override
    public void afterEpoch(final int epoch, final double loss, final double accuracy) {
      epochs.add(epoch + "/" + steps.size());
      epochLoss = loss;
      epochAccuracy = accuracy;
    }
  }

  @Test
  void shouldTrainEpochByEpochAndTellItsListener() {
    final Log log = new Log();
    final Trainer.Result result = new Trainer(plan, batches, log).run(2);
    final List<String> steps = new ArrayList<>();
    for (int step = 1; step <= 14; step++) {
      steps.add((step <= 7 ? 1 : 2) + "/" + step + "/" + (step % 7 == 0 ? 2 : 8));
    }
    assertEquals(steps, log.steps);
    assertEquals(List.of("1/7", "2/14"), log.epochs);
    double mean = 0;
    for (int step = 7; step < 14; step++) {
      mean += (double) log.losses.get(step) * (step == 13 ? 2 : 8) / ROWS;
    }
    assertEquals(mean, result.loss(), 1e-12);
    assertEquals(new Trainer.Result(2, 14, log.epochLoss, log.epochAccuracy, null), result);
  }

  @Test
  void shouldLearn() {
    final Trainer.Result result = new Trainer(plan, batches, new Log()).run(100);
    assertTrue(result.loss() < 0.1, result + ", seed=" + SEED);
    assertTrue(result.accuracy() == 1, result + ", seed=" + SEED);
    final Evaluation evaluation = Evaluation.of(engine, network, parameters, LOSS, batches);
    assertEquals(ROWS, evaluation.rows());
    assertTrue(evaluation.loss() < 0.1, evaluation + ", seed=" + SEED);
  }

  @Test
  void shouldScoreAsCountedByHand() {
    try (EvaluatePlan evaluate =
        EvaluatePlan.compile(engine, network, parameters, LOSS, new PlanOptions(ROWS))) {
      evaluate.input().copyFrom(data.features());
      evaluate.target().copyFrom(data.targets());
      final float loss = evaluate.run(ROWS);
      int correct = 0;
      for (long row = 0; row < ROWS; row++) {
        final boolean second = evaluate.output().get(2 * row + 1) > evaluate.output().get(2 * row);
        correct += second == (data.targets().getInt(row) == 1) ? 1 : 0;
      }
      final Evaluation evaluation = Evaluation.of(engine, network, parameters, LOSS, batches);
      assertEquals((double) correct / ROWS, evaluation.accuracy());
      assertEquals(loss, evaluation.loss(), 1e-6);
    }
  }

  @Test
  void shouldScoreEveryLabelOfASequence() {
    final Network tagger = Network.of(Shape.batched(3, 2), new Dense(2));
    try (Parameters weights = Parameters.zeros(engine, tagger);
        Dataset sequences =
            Dataset.open(
                engine.account(),
                TensorType.float32(Shape.batched(3, 2)),
                TensorType.int32(Shape.batched(3)),
                2);
        TrainPlan train =
            TrainPlan.compile(engine, tagger, weights, LOSS, new Sgd(1e-6), new PlanOptions(2))) {
      weights.tensor("0.weight").copyFrom(new float[] {1, 0, 0, 1}); // scores are the features
      sequences.features().copyFrom(new float[] {1, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 1});
      sequences.targets().copyFrom(new int[] {0, 1, 0, 0, 0, 1}); // the fourth is not the larger
      final Batches both = new Batches(sequences, Split.all(2), 2, SEED, false, true);
      final Evaluation evaluation = Evaluation.of(engine, tagger, weights, LOSS, both);
      assertEquals(2, evaluation.rows());
      assertEquals(5.0 / 6, evaluation.accuracy());
      assertEquals(5.0 / 6, new Trainer(train, both, new TrainListener() {}).run(1).accuracy());
    }
  }

  @Test
  void shouldScoreNoAccuracyOfFloatTargets() {
    final Network line = Network.of(Shape.batched(2), new Dense(1));
    final TensorType column = TensorType.float32(Shape.batched(1));
    try (Parameters weights = Parameters.zeros(engine, line);
        Dataset points =
            Dataset.open(engine.account(), TensorType.float32(Shape.batched(2)), column, 4)) {
      points.targets().copyFrom(new float[] {1, 2, 3, 4});
      final Batches all = new Batches(points, Split.all(4), 3, SEED, false, true);
      final Evaluation evaluation =
          Evaluation.of(engine, line, weights, Losses.meanSquaredError(), all);
      assertEquals(Double.NaN, evaluation.accuracy());
      assertEquals((1 + 4 + 9 + 16) / 4.0, evaluation.loss(), 1e-6);
    }
  }

  /** With a decay near 1 the averages stay where the weights began; what is scored are they. */
  @Test
  void shouldScoreAndKeepAveragesOfTheWeights() {
    final Descent slow = Descent.of(new Adam(0.05)).withAverage(0.999999);
    final PlanOptions options = new PlanOptions(ROWS);
    try (Parameters averages = Parameters.zeros(engine, network);
        TrainPlan averaging =
            TrainPlan.compile(engine, network, parameters, LOSS, slow, new PlanOptions(BATCH));
        EvaluatePlan scoring = EvaluatePlan.compile(engine, network, averages, LOSS, options);
        EvaluatePlan last = EvaluatePlan.compile(engine, network, parameters, LOSS, options)) {
      final Batches all = new Batches(data, Split.all(ROWS), ROWS, SEED, false, true);
      final double first = Evaluation.of(last, all).loss();
      final List<Double> validations = new ArrayList<>();
      final TrainListener listener =
          new TrainListener() {
            @Override
            public void afterValidation(final int epoch, final Evaluation score) {
              validations.add(score.loss());
            }
          };
      new Trainer(averaging, batches, listener).validation(scoring, all).averages(averages).run(20);
      assertEquals(20, validations.size());
      for (final double loss : validations) {
        assertEquals(first, loss, 1e-3 * first);
      }
      assertEquals(first, Evaluation.of(scoring, all).loss(), 1e-3 * first);
      assertTrue(Evaluation.of(last, all).loss() < 0.5 * first);
    }
  }

  @Test
  void shouldStopAfterTheStepInProgress() {
    final Log log = new Log();
    final Trainer trainer = new Trainer(plan, batches, log);
    log.stopped = trainer;
    log.stopAt = 10;
    final Trainer.Result result = trainer.run(5);
    assertEquals(10, result.steps());
    assertEquals(1, result.epochs(), "the second is not complete");
    assertEquals(List.of("1/7"), log.epochs);
    assertTrue(result.stopped());
    double mean = 0;
    for (int step = 7; step < 10; step++) {
      mean += (double) log.losses.get(step) / 3;
    }
    assertEquals(mean, result.loss(), 1e-12, "of the steps of the epoch that was cut short");
    assertEquals(10, plan.steps());
    final String weights = parameters.sha256();
    assertEquals(
        new Trainer.Result(0, 10, Double.NaN, Double.NaN, "asked to stop"), trainer.run(1));
    assertEquals(weights, parameters.sha256());
  }

  @Test
  void shouldStopBeforeTheFirstStep() {
    final Trainer trainer = new Trainer(plan, batches, new Log());
    trainer.stop();
    assertEquals(new Trainer.Result(0, 0, Double.NaN, Double.NaN, "asked to stop"), trainer.run(3));
  }

  @Test
  void shouldNameTheStepAtWhichTheLossIsNoNumber() {
    data.features().set(1, Float.NaN);
    final Log log = new Log();
    final int[] badLast = {ROWS - 1, ROWS - 2, 0};
    final Batches pairs = new Batches(data, badLast, 2, SEED, false, true);
    final Trainer trainer = new Trainer(plan, pairs, log);
    assertEquals(
        "loss at step 2 (epoch 1): expected=a finite number, actual=NaN, "
            + "first in input:f32[N,2]",
        assertThrows(GradusException.class, () -> trainer.run(1)).getMessage());
    assertEquals(List.of("1/1/2"), log.steps, "the listener hears of good steps only");
  }

  @Test
  void shouldRefuseWhatDoesNotFit() {
    final Trainer trainer = new Trainer(plan, batches, new Log());
    assertEquals(
        "epochs out of range: expected=1 or more, actual=0",
        assertThrows(GradusException.class, () -> trainer.run(0)).getMessage());
    final Batches large = new Batches(data, Split.all(ROWS), BATCH + 1, SEED, true, true);
    final Trainer overfull = new Trainer(plan, large, new Log());
    assertEquals(
        "input of a batch mismatch: expected=FLOAT32 rows of 2, 9 or more, actual=f32[8,2]",
        assertThrows(GradusException.class, () -> overfull.run(1)).getMessage());
    assertEquals(0, plan.steps());
  }
}
