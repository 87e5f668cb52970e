package dev.gradus.tests;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.gradus.data.Batches;
import dev.gradus.data.Dataset;
import dev.gradus.data.Split;
import dev.gradus.loss.Losses;
import dev.gradus.memory.Shape;
import dev.gradus.nn.Activations;
import dev.gradus.nn.Network;
import dev.gradus.optim.Adam;
import dev.gradus.plan.Engine;
import dev.gradus.plan.EngineOptions;
import dev.gradus.plan.Parameters;
import dev.gradus.plan.PlanOptions;
import dev.gradus.plan.TrainPlan;
import dev.gradus.train.Evaluation;
import dev.gradus.train.TrainListener;
import dev.gradus.train.Trainer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Learns real handwritten digits, with each backend. */
final class RealDigitsTest {
  private static final Path DIGITS = Path.of("../../shared/data/digits8x8/digits.csv.gz");
  private static final int PIXELS = 64;

  @ParameterizedTest
  @ValueSource(strings = {"java", "openblas"})
  void shouldLearnDigits(final String backend) throws IOException {
    assertLearns(backend, Network.mlp(Activations.RELU, PIXELS, 128, 10), 15, 0.95);
  }

  @ParameterizedTest
  @ValueSource(strings = {"java", "openblas"})
  void shouldLearnDigitsAsImages(final String backend) throws IOException {
    final Network network =
        Network.parse(
            "input(1,8,8) conv2d(16,3,1,1,relu) conv2d(16,3,1,1,relu) max_pool2d(2)"
                + " conv2d(32,3,relu) flatten() dense(10)");
    assertLearns(backend, network, 5, 0.96);
  }

  private static void assertLearns(
      final String backend, final Network network, final int epochs, final double least)
      throws IOException {
    assumeTrue(Files.exists(DIGITS), "the digits are not there: " + DIGITS);
    final List<String> lines = lines();
    try (Engine engine = Engine.open(new EngineOptions(2, backend));
        Dataset data =
            Dataset.classification(engine.account(), Shape.batched(PIXELS), lines.size());
        Parameters parameters = Parameters.initialise(engine, network, 1);
        TrainPlan plan =
            TrainPlan.compile(
                engine,
                network,
                parameters,
                Losses.softmaxCrossEntropy(),
                new Adam(3e-3),
                new PlanOptions(32))) {
      fill(data, lines);
      final int[][] parts = Split.random(Split.all(lines.size()), 7, 0.8);
      final Batches train = new Batches(data, parts[0], 32, 3, true, true);
      new Trainer(plan, train, new TrainListener() {}).run(epochs);
      final Evaluation test =
          Evaluation.of(
              engine,
              network,
              parameters,
              Losses.softmaxCrossEntropy(),
              new Batches(data, parts[1], 64, 0, false, true));
      assertTrue(test.accuracy() > least, test.toString());
    }
  }

  private static List<String> lines() throws IOException {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(DIGITS)), StandardCharsets.UTF_8))) {
      return reader.lines().toList();
    }
  }

  private static void fill(final Dataset data, final List<String> lines) {
    for (int row = 0; row < lines.size(); row++) {
      final List<String> cells = List.of(lines.get(row).split(",", -1));
      for (int pixel = 0; pixel < PIXELS; pixel++) {
        data.features().set((long) row * PIXELS + pixel, Float.parseFloat(cells.get(pixel)) / 16);
      }
      data.targets().setInt(row, (int) Float.parseFloat(cells.get(PIXELS)));
    }
  }
}
