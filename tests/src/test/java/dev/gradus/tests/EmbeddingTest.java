package dev.gradus.tests;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gradus.kernel.KernelMode;
import dev.gradus.loss.Losses;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.Shape;
import dev.gradus.nn.Embedding;
import dev.gradus.nn.Network;
import dev.gradus.optim.Adam;
import dev.gradus.optim.Optimizer;
import dev.gradus.optim.Sgd;
import dev.gradus.plan.Engine;
import dev.gradus.plan.EngineOptions;
import dev.gradus.plan.Parameters;
import dev.gradus.plan.PlanOptions;
import dev.gradus.plan.PredictPlan;
import dev.gradus.plan.TrainPlan;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Embeddings in plans: which rows a step touches, and what a plan refuses. */
final class EmbeddingTest {
  private static final String TEXT = "input(int,3) embedding(6,4,0)";

  @TempDir private Path folder;

  private static TrainPlan plan(
      final Engine engine, final Parameters parameters, final Optimizer optimizer) {
    return TrainPlan.compile(
        engine,
        Network.parse(TEXT),
        parameters,
        Losses.meanSquaredError(),
        optimizer,
        new PlanOptions(2));
  }

  @Test
  void shouldReadWhatItDescribes() {
    final String text = "input(int,20) embedding(1000,32) embedding(1,2)";
    assertThrows(GradusException.class, () -> Network.parse(text), "floats as indices");
    assertEquals(TEXT, Network.parse(TEXT).describe());
    final Network network = Network.ofIndices(Shape.batched(3), new Embedding(6, 4, 0));
    assertEquals(network, Network.parse(TEXT));
  }

  /** Adam would move every row whose moments are not zero; lazily, only those that occur. */
  @Test
  void shouldUpdateTheRowsThatOccur() {
    try (Engine engine = Engine.open();
        Parameters parameters = Parameters.initialise(engine, Network.parse(TEXT), 3);
        TrainPlan plan = plan(engine, parameters, new Adam(0.1))) {
      final Set<String> steps = new HashSet<>();
      plan.report().steps().forEach(step -> steps.add(step.op()));
      assertTrue(steps.contains("adam_rows"), steps.toString());
      assertTrue(!steps.contains("embedding_gradient"), steps.toString());
      final int[][] batches = {{0, 1, 3, 3, 1, 5}, {2, 2, 2, 0, 0, 2}};
      for (final int[] batch : batches) {
        final float[] before = parameters.tensor("0.weight").toFloatArray();
        plan.input().copyFrom(batch);
        plan.step(2);
        final float[] after = parameters.tensor("0.weight").toFloatArray();
        for (int index = 0; index < 6; index++) {
          final int wanted = index;
          final boolean occurs = index > 0 && Arrays.stream(batch).anyMatch(i -> i == wanted);
          final int from = 4 * index;
          assertEquals(
              !occurs,
              Arrays.equals(
                  Arrays.copyOfRange(before, from, from + 4),
                  Arrays.copyOfRange(after, from, from + 4)),
              "row " + index);
        }
      }
    }
  }

  @Test
  void shouldRefuseIndicesOutOfRangeBeforeAnyChange() {
    try (Engine engine = Engine.open();
        Parameters parameters = Parameters.initialise(engine, Network.parse(TEXT), 3);
        TrainPlan train = plan(engine, parameters, new Sgd(0.1));
        PredictPlan predict =
            PredictPlan.compile(engine, Network.parse(TEXT), parameters, new PlanOptions(2))) {
      final float[] before = parameters.tensor("0.weight").toFloatArray();
      train.input().copyFrom(new int[] {1, 2, 3, 4, 6, 5});
      predict.input().copyFrom(new int[] {1, -1, 3});
      assertEquals(
          "index 4 of input out of range: expected=0 to 5, actual=6",
          assertThrows(GradusException.class, () -> train.step(2)).getMessage());
      assertEquals(
          "index 1 of input out of range: expected=0 to 5, actual=-1",
          assertThrows(GradusException.class, () -> predict.run(1)).getMessage());
      assertEquals(0, train.steps());
      assertArrayEquals(before, parameters.tensor("0.weight").toFloatArray());
      train.step(1); // the wrong one is in the second row
    }
  }

  @Test
  void shouldRefuseIndicesThatAViewHandsOn() {
    final Network network =
        Network.parse("input(int,4) reshape(2,2) embedding(6,3) flatten() dense(1)");
    try (Engine engine = Engine.open();
        Parameters parameters = Parameters.initialise(engine, network, 3);
        PredictPlan predict =
            PredictPlan.compile(engine, network, parameters, new PlanOptions(1))) {
      predict.input().copyFrom(new int[] {5, 0, 3, 6});
      assertEquals(
          "index 3 of input out of range: expected=0 to 5, actual=6",
          assertThrows(GradusException.class, () -> predict.run(1)).getMessage());
    }
  }

  /** Text of repeated words through every sequence layer, on any number of threads. */
  private static final class Words implements AutoCloseable {
    private final Engine engine;
    private final Parameters parameters;
    private final TrainPlan plan;

    Words(final int threads, final KernelMode mode) {
      final Network network =
          Network.parse(
              "input(int,12) embedding(50,9,0) lstm(20,mask) attention(4,causal) gru(17,stateful)"
                  + " rnn(8,last) dense(5)");
      engine = Engine.open(new EngineOptions(threads, "java", mode));
      parameters = Parameters.initialise(engine, network, 3);
      plan =
          TrainPlan.compile(
              engine,
              network,
              parameters,
              Losses.softmaxCrossEntropy(),
              new Adam(0.01),
              new PlanOptions(40));
      for (int i = 0; i < plan.input().elements(); i++) {
        plan.input().setInt(i, i * i % 50);
      }
      for (int i = 0; i < plan.target().elements(); i++) {
        plan.target().setInt(i, i % 5);
      }
    }

    void step() {
      plan.step(40);
      plan.step(3);
    }

    String hash() {
      for (int i = 0; i < 5; i++) {
        step();
      }
      return parameters.sha256();
    }

    @Override
    public void close() {
      plan.close();
      parameters.close();
      engine.close();
    }
  }

  @Test
  void shouldHaveTheSameBitsOnAnyNumberOfThreads() {
    final Set<String> hashes = new HashSet<>();
    for (final KernelMode mode : KernelMode.values()) {
      for (final int threads : new int[] {1, 2, 3}) {
        try (Words words = new Words(threads, mode)) {
          hashes.add(words.hash());
        }
      }
    }
    assertEquals(1, hashes.size(), hashes.toString());
  }

  /** Trains until a warmed step makes no garbage. */
  static final class Garbage {
    private Garbage() {}

    public static void main(final String[] arguments) {
      for (final int threads : new int[] {1, 2}) {
        try (Words words = new Words(threads, KernelMode.VECTOR)) {
          AllocationTest.assertNoGarbage(words::step);
        }
      }
      System.out.println("none");
    }
  }

  @Test
  void shouldTrainWithoutGarbage() throws Exception {
    assertEquals("none", ChildJvm.run(folder, Garbage.class));
  }
}
