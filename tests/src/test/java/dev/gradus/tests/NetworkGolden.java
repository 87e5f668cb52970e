package dev.gradus.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.gradus.graph.Value;
import dev.gradus.kernel.KernelMode;
import dev.gradus.loss.Losses;
import dev.gradus.memory.DType;
import dev.gradus.nn.Network;
import dev.gradus.nn.Parameter;
import dev.gradus.plan.Differentiate;
import dev.gradus.plan.Engine;
import dev.gradus.plan.EngineOptions;
import dev.gradus.plan.GraphPlan;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A network's output, the gradient of its input and of every parameter under the mean squared
 * error, against values in a file: each line a case, a name, and numbers.
 */
final class NetworkGolden {
  /** A few steps of float32 arithmetic near 1. */
  private static final double TOLERANCE = 2e-6;

  private NetworkGolden() {}

  /** The numbers of a case by name. */
  private static Map<String, float[]> read(final String resource, final String name)
      throws IOException {
    final Map<String, float[]> values = new HashMap<>();
    try (InputStream file = NetworkGolden.class.getResourceAsStream(resource)) {
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

  /** Compares in both forms of the kernels. */
  static void assertAsGolden(
      final String resource, final String name, final String text, final int rows)
      throws IOException {
    assertAsGolden(resource, List.of(name), text, rows);
  }

  /**
   * Compares several cases that one plan runs one after the other; the parameters of all, and their
   * gradients, stand with the last.
   */
  static void assertAsGolden(
      final String resource, final List<String> names, final String text, final int rows)
      throws IOException {
    final List<Map<String, float[]>> cases = new ArrayList<>();
    for (final String name : names) {
      cases.add(read(resource, name));
    }
    final Map<String, float[]> lastCase = cases.get(cases.size() - 1);
    final Network network = Network.parse(text);
    final Network.Definition defined = network.define();
    final Value target = defined.graph().input("target", defined.output().type());
    final Value loss = Losses.meanSquaredError().build(defined.graph(), defined.output(), target);
    final List<Value> wanted = new ArrayList<>();
    defined.parameters().stream().map(Parameter::value).forEach(wanted::add);
    final boolean floats = network.inputType() == DType.FLOAT32;
    if (floats) {
      wanted.add(defined.input());
    }
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
                  rows)) {
        for (final Parameter parameter : defined.parameters()) {
          plan.parameters()
              .tensor(parameter.name())
              .copyFrom(lastCase.get(role(parameter.value())));
        }
        for (int i = 0; i < cases.size(); i++) {
          final Map<String, float[]> golden = cases.get(i);
          write(plan, defined.input(), golden.get("input"));
          plan.tensor(target).copyFrom(golden.get("target"));
          plan.run(rows);
          assertClose(mode, "output", golden, plan, defined.output());
          for (final Value value : wanted) {
            if (i == cases.size() - 1 || value == defined.input()) {
              assertClose(mode, "d" + role(value), golden, plan, gradients.get(value));
            }
          }
        }
      }
    }
  }

  private static void write(final GraphPlan plan, final Value input, final float[] values) {
    for (int i = 0; i < values.length; i++) {
      if (input.type().dtype() == DType.FLOAT32) {
        plan.tensor(input).set(i, values[i]);
      } else {
        plan.tensor(input).setInt(i, (int) values[i]);
      }
    }
  }

  /** The name without the layer's position. */
  private static String role(final Value value) {
    return value.name().replaceFirst("^0\\.", "");
  }

  private static void assertClose(
      final KernelMode mode,
      final String name,
      final Map<String, float[]> golden,
      final GraphPlan plan,
      final Value value) {
    final float[] expected = golden.get(name);
    final float[] actual = plan.tensor(value).toFloatArray();
    assertEquals(expected.length, actual.length, name);
    for (int i = 0; i < expected.length; i++) {
      final double tolerance = TOLERANCE * (1 + Math.abs(expected[i]));
      assertEquals(expected[i], actual[i], tolerance, mode + " " + name + "[" + i + "]");
    }
  }
}
