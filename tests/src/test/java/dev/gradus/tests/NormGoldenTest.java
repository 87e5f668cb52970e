package dev.gradus.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.gradus.graph.Value;
import dev.gradus.kernel.KernelMode;
import dev.gradus.loss.Losses;
import dev.gradus.nn.Network;
import dev.gradus.nn.Parameter;
import dev.gradus.plan.Differentiate;
import dev.gradus.plan.Engine;
import dev.gradus.plan.EngineOptions;
import dev.gradus.plan.GraphPlan;
import dev.gradus.plan.PlanOptions;
import dev.gradus.plan.PredictPlan;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Normalisation against PyTorch: output in training and in prediction, gradients of the input and
 * of every parameter under the mean squared error, running statistics. {@code tools/golden/norm.py}
 * makes the values, in float64.
 */
final class NormGoldenTest {
  private static final String FILE = "/golden/norm.txt";

  /** A few steps of float32 arithmetic near 1. */
  private static final double TOLERANCE = 2e-6;

  private static Map<String, float[]> read(final String name) throws IOException {
    final Map<String, float[]> values = new HashMap<>();
    try (InputStream file = NormGoldenTest.class.getResourceAsStream(FILE)) {
      final String text = new String(file.readAllBytes(), StandardCharsets.UTF_8);
      for (final String line : text.split("\n", -1)) {
        final String[] words = line.split(" ", -1);
        if (words[0].equals(name)) {
          final float[] numbers = new float[words.length - 2];
          for (int i = 0; i < numbers.length; i++) {
            numbers[i] = Float.parseFloat(words[i + 2]);
          }
          values.put(words[1], numbers);
        }
      }
    }
    return values;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "batch|input(5) batch_norm()|6",
        "batch_sequence|input(4,7) batch_norm()|3",
        "batch_image|input(4,3,5) batch_norm(0.25,0.001)|3",
        "layer|input(9) layer_norm()|4",
        "layer_sequence|input(3,5) layer_norm()|2",
        "layer_image|input(3,2,4) layer_norm(3,0.01)|2",
        "rms|input(2,6) rms_norm()|3",
        "group|input(6) group_norm(3)|4",
        "group_image|input(6,3,3) group_norm(2)|2",
        "instance|input(3,4,5) group_norm(3)|2"
      })
  void shouldComputeAsPyTorch(final String name, final String text, final int rows)
      throws IOException {
    final Map<String, float[]> golden = read(name);
    final Network network = Network.parse(text);
    assertEquals(text, network.describe());
    final Network.Definition defined = network.defineTraining(0);
    final Value target = defined.graph().input("target", defined.output().type());
    final Value loss = Losses.meanSquaredError().build(defined.graph(), defined.output(), target);
    final List<Value> wanted = new ArrayList<>(defined.learned());
    wanted.add(defined.input());
    final Map<Value, Value> gradients = Differentiate.gradients(defined.graph(), loss, wanted);
    final Set<Value> kept = new HashSet<>(gradients.values());
    kept.add(defined.output());
    for (final KernelMode mode : KernelMode.values()) {
      try (Engine engine = Engine.open(new EngineOptions(2, "java", mode));
          GraphPlan plan =
              GraphPlan.compile(
                  engine,
                  defined.graph(),
                  network,
                  List.of(defined.input(), target),
                  kept,
                  true,
                  rows);
          PredictPlan predict =
              PredictPlan.compile(engine, network, plan.parameters(), new PlanOptions(rows))) {
        for (final Parameter parameter : defined.parameters()) {
          plan.parameters().tensor(parameter.name()).copyFrom(golden.get(role(parameter.value())));
        }
        predict.input().copyFrom(golden.get("input"));
        predict.run(rows);
        final float[] prediction = predict.output().toFloatArray();
        assertClose(mode + " prediction", golden.get("prediction"), prediction);
        plan.tensor(defined.input()).copyFrom(golden.get("input"));
        plan.tensor(target).copyFrom(golden.get("target"));
        plan.run(rows);
        final float[] output = plan.tensor(defined.output()).toFloatArray();
        assertClose(mode + " output", golden.get("output"), output);
        for (final Value value : wanted) {
          final float[] gradient = plan.tensor(gradients.get(value)).toFloatArray();
          assertClose(mode + " d" + role(value), golden.get("d" + role(value)), gradient);
        }
        for (final Parameter parameter : defined.parameters()) {
          if (parameter.kind() == Parameter.Kind.BUFFER) {
            final float[] next = plan.parameters().tensor(parameter.name()).toFloatArray();
            final String role = "next_" + role(parameter.value());
            assertClose(mode + " " + role, golden.get(role), next);
          }
        }
      }
    }
  }

  /** The name without the layer's position. */
  private static String role(final Value value) {
    return value.name().replaceFirst("^0\\.", "");
  }

  private static void assertClose(final String what, final float[] expected, final float[] actual) {
    assertEquals(expected.length, actual.length, what);
    for (int i = 0; i < expected.length; i++) {
      final double tolerance = TOLERANCE * (1 + Math.abs(expected[i]));
      assertEquals(expected[i], actual[i], tolerance, what + "[" + i + "]");
    }
  }
}
