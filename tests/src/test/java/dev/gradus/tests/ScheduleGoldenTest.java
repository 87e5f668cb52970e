package dev.gradus.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.gradus.optim.ReduceOnPlateau;
import dev.gradus.optim.Schedule;
import dev.gradus.optim.Schedules;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Schedules against PyTorch's; {@code tools/golden/schedules.py} made the values. */
final class ScheduleGoldenTest {
  private static final int STEPS = 60;
  private static final Map<String, double[]> GOLDEN = read();

  private static Map<String, double[]> read() {
    final Map<String, double[]> golden = new LinkedHashMap<>();
    try (InputStream in = ScheduleGoldenTest.class.getResourceAsStream("/golden/schedules.txt")) {
      for (final String line :
          new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList()) {
        final String[] words = line.split(" ", -1);
        final double[] values =
            Arrays.stream(words).skip(1).mapToDouble(Double::parseDouble).toArray();
        golden.put(words[0].replace("_then_", " "), values);
      }
      return golden;
    } catch (final IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Stream<String> texts() {
    return GOLDEN.keySet().stream().filter(name -> !name.matches("metrics|plateau"));
  }

  /** PyTorch computes most rates one from the other, so its roundings add up: 1e-15 of the base. */
  private static void assertClose(final double expected, final double actual, final String where) {
    assertEquals(expected, actual, 1e-12 * Math.abs(expected) + 1e-15, where);
  }

  @ParameterizedTest
  @MethodSource("texts")
  void shouldGiveTheRatesOfPyTorch(final String text) {
    final double[] golden = GOLDEN.get(text);
    assertTrue(golden.length >= 50, text);
    final Schedule schedule = Schedules.parse(text, STEPS);
    for (int step = golden.length - 1; step >= 0; step--) {
      assertClose(golden[step], schedule.factor(step), text + " at step " + step);
    }
  }

  @Test
  void shouldFallOnThePlateausOnWhichPyTorchFalls() {
    final Schedule schedule = new ReduceOnPlateau(0.3, 3, 1e-4, 2, 0.01);
    final double[] metrics = GOLDEN.get("metrics");
    for (int epoch = 0; epoch < metrics.length; epoch++) {
      schedule.hear(metrics[epoch]);
      assertClose(GOLDEN.get("plateau")[epoch], schedule.factor(0), "after epoch " + epoch);
    }
  }
}
