package dev.gradus.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gradus.io.ModelFile;
import dev.gradus.kernel.KernelMode;
import dev.gradus.loss.Losses;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.Shape;
import dev.gradus.nn.BatchNorm;
import dev.gradus.nn.Frozen;
import dev.gradus.nn.GroupNorm;
import dev.gradus.nn.LayerNorm;
import dev.gradus.nn.Network;
import dev.gradus.optim.Adam;
import dev.gradus.plan.Engine;
import dev.gradus.plan.EngineOptions;
import dev.gradus.plan.Parameters;
import dev.gradus.plan.PlanOptions;
import dev.gradus.plan.PredictPlan;
import dev.gradus.plan.TrainPlan;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Networks with normalisation: bits, garbage, statistics, files, bad input. */
final class NormTest {
  static final int ROWS = 65;

  private static final String MATRICES =
      "input(90) dense(130,relu) batch_norm() dropout(0.2) dense(60) layer_norm() rms_norm()"
          + " group_norm(6) dense(10)";

  private static final String IMAGES =
      "input(6,9,31) batch_norm() group_norm(3) layer_norm(3) rms_norm() spatial_dropout(0.2)"
          + " batch_norm()";

  /** A plan of random input, its target too. */
  static TrainPlan plan(final Engine engine, final Network network, final Parameters parameters) {
    final TrainPlan plan =
        TrainPlan.compile(
            engine,
            network,
            parameters,
            Losses.meanSquaredError(),
            new Adam(0.01),
            new PlanOptions(ROWS));
    final Random random = new Random(4);
    for (long i = 0; i < plan.input().elements(); i++) {
      plan.input().set(i, (float) random.nextGaussian());
    }
    for (long i = 0; i < plan.target().elements(); i++) {
      plan.target().set(i, (float) random.nextGaussian());
    }
    return plan;
  }

  /** The hash of the weights after some steps, long and short. */
  static String trained(final Network network, final int threads, final KernelMode mode) {
    try (Engine engine = Engine.open(new EngineOptions(threads, "java", mode));
        Parameters parameters = Parameters.initialise(engine, network, 2);
        TrainPlan plan = plan(engine, network, parameters)) {
      for (int step = 0; step < 6; step++) {
        assertTrue(Float.isFinite(plan.step(step % 3 == 1 ? 17 : ROWS)));
      }
      return parameters.sha256();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {MATRICES, IMAGES})
  void shouldTrainToTheSameBits(final String text) {
    final Network network = Network.parse(text);
    final Set<String> hashes = new HashSet<>();
    hashes.add(trained(network, 1, KernelMode.SCALAR));
    for (final int threads : new int[] {1, 2, 3, 8}) {
      hashes.add(trained(network, threads, KernelMode.VECTOR));
    }
    assertEquals(1, hashes.size(), hashes.toString());
  }

  /** Trains and predicts until warmed runs make no garbage. */
  static final class Garbage {
    private Garbage() {}

    public static void main(final String[] arguments) {
      for (final String text : List.of(MATRICES, IMAGES)) {
        assertNoGarbage(Network.parse(text));
      }
      System.out.println("none");
    }
  }

  static void assertNoGarbage(final Network network) {
    try (Engine engine = Engine.open(new EngineOptions(2, "java"));
        Parameters parameters = Parameters.initialise(engine, network, 2);
        TrainPlan plan = plan(engine, network, parameters);
        PredictPlan predict =
            PredictPlan.compile(engine, network, parameters, new PlanOptions(ROWS))) {
      AllocationTest.assertNoGarbage(
          () -> {
            plan.step(ROWS);
            predict.run(3);
          });
    }
  }

  @Test
  void shouldTrainAndPredictWithoutGarbage(@TempDir final Path folder) throws Exception {
    assertEquals("none", ChildJvm.run(folder, Garbage.class));
  }

  @Test
  void shouldFollowTheStatisticsOfBatches() {
    final Network network = Network.parse("input(3) batch_norm(0.25,0.00001)");
    try (Engine engine = Engine.open(new EngineOptions(1, "java"));
        Parameters parameters = Parameters.initialise(engine, network, 2);
        TrainPlan plan = plan(engine, network, parameters)) {
      plan.input().copyFrom(Arrays.copyOf(new float[] {1, 2, 3, 5, 2, -3}, 3 * ROWS));
      plan.step(2);
      // Means 3, 2, 0 and unbiased variances 8, 0, 18, a quarter of the way from 0 and 1.
      assertEquals(List.of(0.75f, 0.5f, 0f), floats(parameters, "0.mean"));
      assertEquals(List.of(2.75f, 0.75f, 5.25f), floats(parameters, "0.variance"));
      plan.step(1); // one row has no variance
      assertEquals(List.of(0.75f, 0.5f, 0f), floats(parameters, "0.mean"));
      assertEquals(List.of(2.75f, 0.75f, 5.25f), floats(parameters, "0.variance"));
    }
  }

  private static List<Float> floats(final Parameters parameters, final String name) {
    final float[] values = parameters.tensor(name).toFloatArray();
    return List.of(values[0], values[1], values[2]);
  }

  @Test
  void shouldKeepRunningStatisticsInTheFile(@TempDir final Path folder) throws IOException {
    final Network network = Network.parse(MATRICES);
    final Path file = folder.resolve("model.safetensors");
    try (Engine engine = Engine.open(new EngineOptions(1, "java"));
        Parameters parameters = Parameters.initialise(engine, network, 2);
        TrainPlan plan = plan(engine, network, parameters)) {
      plan.step(ROWS);
      ModelFile.write(file, network, parameters, Map.of());
      try (ModelFile read = ModelFile.read(engine, file);
          Parameters fresh = Parameters.initialise(engine, network, 2)) {
        assertEquals(network, read.network());
        assertEquals(parameters.sha256(), read.parameters().sha256());
        assertTrue(read.parameters().names().contains("1.variance"));
        assertTrue(
            !Arrays.equals(
                fresh.tensor("1.variance").toFloatArray(),
                read.parameters().tensor("1.variance").toFloatArray()),
            "the statistics of no batch");
      }
    }
  }

  @Test
  void shouldLeaveFrozenStatisticsAlone() {
    final Network network = Network.parse("input(7) dense(5) frozen(batch_norm()) dense(3)");
    try (Engine engine = Engine.open(new EngineOptions(1, "java"));
        Parameters parameters = Parameters.initialise(engine, network, 2);
        TrainPlan plan = plan(engine, network, parameters)) {
      final float[] before = parameters.tensor("0.weight").toFloatArray();
      plan.step(ROWS);
      for (final String name : List.of("1.weight", "1.variance")) {
        for (final float value : parameters.tensor(name).toFloatArray()) {
          assertEquals(1, value, name);
        }
      }
      assertTrue(!Arrays.equals(before, parameters.tensor("0.weight").toFloatArray()));
    }
  }

  private static void assertRefused(final String message, final Runnable definition) {
    assertEquals(message, assertThrows(GradusException.class, definition::run).getMessage());
  }

  @Test
  void shouldRefuseWhatMakesNoSense() {
    assertRefused(
        "momentum of batch_norm out of range: expected=above 0, up to 1, actual=0.0",
        () -> new BatchNorm(0, 1e-5));
    assertRefused(
        "epsilon of batch_norm out of range: expected=a number above 0, actual=0.0",
        () -> new BatchNorm(0.1, 0));
    assertRefused(
        "axes of group_norm out of range: expected=1 or more, actual=0",
        () -> new LayerNorm(true, 0, 1e-5));
    assertRefused(
        "rank of input of rms_norm mismatch: expected=2 dimensions behind the batch,"
            + " actual=[N,3]"
            + " (layer 0, rms_norm(2))",
        () -> Network.parse("input(3) rms_norm(2)"));
    assertRefused(
        "groups of group_norm mismatch: expected=a divisor of 4 channels, actual=3"
            + " (layer 0, group_norm(3))",
        () -> Network.parse("input(4,5) group_norm(3)"));
    assertRefused(
        "arguments of batch_norm mismatch: expected=[momentum,epsilon], actual=[0.1]",
        () -> Network.parse("input(4) batch_norm(0.1)"));
    assertRefused(
        "arguments of group_norm mismatch: expected=groups[,epsilon], actual=[]",
        () -> Network.parse("input(4) group_norm()"));
    assertRefused(
        "epsilon of layer_norm mismatch: expected=a number, actual=\"tiny\"",
        () -> Network.parse("input(4) layer_norm(1,tiny)"));
    assertEquals(
        "input(4) batch_norm() layer_norm(1,0.1) rms_norm() group_norm(2,0.5)",
        Network.of(
                Shape.batched(4),
                new BatchNorm(),
                new LayerNorm(true, 1, 0.1),
                LayerNorm.rms(),
                new GroupNorm(2, 0.5))
            .describe());
    assertEquals(
        new Frozen(new BatchNorm()),
        Network.parse("input(4) frozen(batch_norm())").layers().get(0));
  }
}
