package dev.gradus.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gradus.graph.Graph;
import dev.gradus.graph.Op;
import dev.gradus.graph.Value;
import dev.gradus.graph.op.Activate;
import dev.gradus.graph.op.LogSoftmax;
import dev.gradus.kernel.KernelMode;
import dev.gradus.nn.Activations;
import dev.gradus.plan.Engine;
import dev.gradus.plan.EngineOptions;
import dev.gradus.plan.GraphPlan;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Activations and their gradients against PyTorch; {@code tools/golden/activations.py} made them.
 */
final class ActivationsGoldenTest {
  private static final Map<String, List<double[]>> GOLDEN = read();

  private static Map<String, List<double[]>> read() {
    final Map<String, List<double[]>> golden = new LinkedHashMap<>();
    try (InputStream in =
        ActivationsGoldenTest.class.getResourceAsStream("/golden/activations.txt")) {
      for (final String line :
          new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList()) {
        final String[] words = line.split(" ", -1);
        golden
            .computeIfAbsent(words[0], name -> new ArrayList<>())
            .add(
                new double[] {
                  Double.parseDouble(words[1]),
                  Double.parseDouble(words[2]),
                  Double.parseDouble(words[3])
                });
      }
      return golden;
    } catch (final IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Stream<String> names() {
    return GOLDEN.keySet().stream().filter(name -> !name.equals("log_softmax"));
  }

  @Test
  void shouldHaveValuesForEveryActivation() {
    assertTrue(GOLDEN.keySet().containsAll(Activations.names()), () -> "" + GOLDEN.keySet());
  }

  @ParameterizedTest
  @MethodSource("names")
  void shouldComputeAsPyTorch(final String name) {
    final List<double[]> golden = GOLDEN.get(name);
    assertEquals(38, golden.size());
    final float[] ones = new float[golden.size()];
    Arrays.fill(ones, 1f);
    assertGolden(new Activate(Activations.byName(name)), 1, golden, ones);
  }

  @Test
  void shouldComputeLogSoftmaxAsPyTorch() {
    final float[] upstream = {1, -2, 0.5f, 3, 1, 1, -1, 2, 0.25f, -1, 2, 1};
    assertGolden(new LogSoftmax(), 4, GOLDEN.get("log_softmax"), upstream);
  }

  /**
   * Compares a function's values and gradients.
   *
   * @param columns of a row.
   * @param upstream the gradient by y.
   */
  private static void assertGolden(
      final Op op, final int columns, final List<double[]> golden, final float[] upstream) {
    final int rows = golden.size() / columns;
    final Graph graph = new Graph();
    final Value x = graph.input("x", Samples.batched(columns));
    final Value dY = graph.input("dY", Samples.batched(columns));
    final Value y = graph.apply(op, x);
    final Value dX = op.gradient(graph, graph.nodes().get(0), List.of(dY)).get(0);
    for (final KernelMode mode : KernelMode.values()) {
      try (Engine engine = Engine.open(new EngineOptions(1, "java", mode));
          GraphPlan plan =
              GraphPlan.compile(engine, graph, List.of(x, dY), Set.of(y, dX), true, rows)) {
        for (int i = 0; i < upstream.length; i++) {
          plan.tensor(x).set(i, (float) golden.get(i)[0]);
          plan.tensor(dY).set(i, upstream[i]);
        }
        plan.run(rows);
        for (int i = 0; i < upstream.length; i++) {
          final String what = mode + " " + op.name() + " at " + golden.get(i)[0];
          assertClose(golden.get(i)[1], plan.tensor(y).get(i), what);
          assertClose(golden.get(i)[2], plan.tensor(dX).get(i), "gradient of " + what);
        }
      }
    }
  }

  private static void assertClose(final double expected, final float actual, final String what) {
    // Gradients from y carry its rounding: absolute where f' is small.
    assertEquals(expected, actual, 1e-6 * Math.max(Math.abs(expected), 0.5), what);
  }
}
