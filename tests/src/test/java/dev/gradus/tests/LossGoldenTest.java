package dev.gradus.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gradus.graph.Graph;
import dev.gradus.graph.Value;
import dev.gradus.kernel.KernelMode;
import dev.gradus.loss.ClassLoss;
import dev.gradus.loss.Loss;
import dev.gradus.loss.Losses;
import dev.gradus.memory.DType;
import dev.gradus.memory.Tensor;
import dev.gradus.plan.Differentiate;
import dev.gradus.plan.Engine;
import dev.gradus.plan.EngineOptions;
import dev.gradus.plan.GraphPlan;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Losses and their gradients against PyTorch; {@code tools/golden/losses.py} made them. */
final class LossGoldenTest {
  private static final double TOLERANCE = 1e-6;

  /** One loss of a batch, as a line of the file. */
  record Golden(
      String name,
      int columns,
      List<Double> prediction,
      List<Double> target,
      double loss,
      List<Double> gradient) {
    static Golden of(final String line) {
      final String[] words = line.split(" ", -1);
      return new Golden(
          words[0],
          Integer.parseInt(words[1]),
          numbers(words[2]),
          numbers(words[3]),
          Double.parseDouble(words[4]),
          numbers(words[5]));
    }

    private static List<Double> numbers(final String text) {
      return Arrays.stream(text.split(",", -1)).map(Double::valueOf).toList();
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Golden> goldens() throws IOException {
    try (InputStream in = LossGoldenTest.class.getResourceAsStream("/golden/losses.txt")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().map(Golden::of);
    }
  }

  private static Loss loss(final String name) {
    final int options = name.indexOf(':');
    if (options < 0) {
      return Losses.byName(name);
    }
    ClassLoss loss = (ClassLoss) Losses.byName(name.substring(0, options));
    for (final String option : name.substring(options + 1).split(",", -1)) {
      loss =
          switch (option) {
            case "weights" -> loss.withClassWeights(0.5f, 2, 1, 3, 0.25f, 1);
            case "smoothing" -> loss.withLabelSmoothing(0.2f);
            case "ignore" -> loss.withIgnoreIndex(-1);
            default -> throw new AssertionError(name);
          };
    }
    return loss;
  }

  @Test
  void shouldHaveValuesForEveryLoss() throws IOException {
    final Set<String> names =
        goldens().map(golden -> loss(golden.name).name()).collect(Collectors.toSet());
    assertEquals(Losses.names(), names);
  }

  @ParameterizedTest
  @MethodSource("goldens")
  void shouldComputeAsPyTorch(final Golden golden) {
    final Loss loss = loss(golden.name);
    final int rows = golden.prediction.size() / golden.columns;
    final Graph graph = new Graph();
    final Value prediction = graph.input("prediction", Samples.batched(golden.columns));
    final Value target = graph.input("target", loss.targetType(prediction.type()));
    final Value value = loss.build(graph, prediction, target);
    final Value gradient =
        Differentiate.gradients(graph, value, List.of(prediction)).get(prediction);
    for (final KernelMode mode : KernelMode.values()) {
      try (Engine engine = Engine.open(new EngineOptions(1, "java", mode));
          GraphPlan plan =
              GraphPlan.compile(
                  engine,
                  graph,
                  List.of(prediction, target),
                  Set.of(value, gradient),
                  true,
                  rows)) {
        write(plan.tensor(prediction), golden.prediction);
        write(plan.tensor(target), golden.target);
        loss.requireTarget(plan.tensor(target), plan.tensor(prediction).shape(), rows);
        plan.run(rows);
        assertClose(golden.loss, plan.tensor(value).get(0), mode + " loss");
        for (int i = 0; i < golden.gradient.size(); i++) {
          assertClose(
              golden.gradient.get(i), plan.tensor(gradient).get(i), mode + " gradient " + i);
        }
      }
    }
  }

  private static void assertClose(final double expected, final float actual, final String what) {
    assertTrue(Float.isFinite(actual), what);
    assertEquals(expected, actual, TOLERANCE * Math.max(1, Math.abs(expected)), what);
  }

  private static void write(final Tensor tensor, final List<Double> values) {
    for (int i = 0; i < values.size(); i++) {
      if (tensor.type().dtype() == DType.INT32) {
        tensor.setInt(i, values.get(i).intValue());
      } else {
        tensor.set(i, values.get(i).floatValue());
      }
    }
  }
}
