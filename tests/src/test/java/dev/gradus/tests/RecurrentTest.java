package dev.gradus.tests;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.gradus.memory.GradusException;
import dev.gradus.memory.Shape;
import dev.gradus.nn.Network;
import dev.gradus.nn.Recurrent;
import dev.gradus.plan.Engine;
import dev.gradus.plan.Parameters;
import dev.gradus.plan.PlanOptions;
import dev.gradus.plan.PredictPlan;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Recurrent layers in plans: padding, state from run to run, and their text. */
final class RecurrentTest {
  private static final int FEATURES = 3;

  private static float[] noise(final int count) {
    final Random random = new Random(4);
    final float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private static float[] run(final PredictPlan plan, final float[] input, final int rows) {
    plan.input().copyFrom(input);
    plan.run(rows);
    return plan.output().toFloatArray();
  }

  private static PredictPlan plan(final Engine engine, final String text, final Parameters from) {
    return PredictPlan.compile(engine, Network.parse(text), from, new PlanOptions(2));
  }

  @ParameterizedTest
  @ValueSource(strings = {"rnn", "rnn_relu", "lstm", "gru"})
  void shouldCarryStateFromRunToRun(final String cell) {
    final String whole = "input(6,3) " + cell + "(5)";
    final String part = "input(2,3) " + cell + "(5,stateful)";
    final float[] input = noise(2 * 6 * FEATURES);
    try (Engine engine = Engine.open();
        Parameters parameters = Parameters.initialise(engine, Network.parse(whole), 1);
        PredictPlan atOnce = plan(engine, whole, parameters);
        PredictPlan inParts = plan(engine, part, parameters)) {
      final float[] expected = run(atOnce, input, 2);
      for (int pass = 0; pass < 2; pass++) {
        for (int from = 0; from < 6; from += 2) {
          final float[] steps = new float[2 * 2 * FEATURES];
          for (int row = 0; row < 2; row++) {
            System.arraycopy(input, (row * 6 + from) * FEATURES, steps, row * 6, 6);
          }
          final float[] actual = run(inParts, steps, 2);
          for (int row = 0; row < 2; row++) {
            assertArrayEquals(
                Arrays.copyOfRange(expected, (row * 6 + from) * 5, (row * 6 + from + 2) * 5),
                Arrays.copyOfRange(actual, row * 10, row * 10 + 10),
                cell + " from step " + from);
          }
        }
        inParts.resetState();
      }
    }
  }

  /** What follows the end of a sequence must not matter, and its output is zero there. */
  @ParameterizedTest
  @ValueSource(strings = {"rnn", "lstm", "gru"})
  void shouldLeavePaddingOut(final String cell) {
    final String text = "input(%d,3) " + cell + "(5,mask) " + cell + "(4,%smask)";
    final float[] input = noise(3 * FEATURES);
    final float[] padded = new float[2 * 6 * FEATURES];
    System.arraycopy(input, 0, padded, 0, input.length);
    System.arraycopy(input, 0, padded, (6 + 2) * FEATURES, input.length); // and in front
    try (Engine engine = Engine.open();
        Parameters parameters =
            Parameters.initialise(engine, Network.parse(text.formatted(3, "")), 1);
        PredictPlan three = plan(engine, text.formatted(3, ""), parameters);
        PredictPlan six = plan(engine, text.formatted(6, ""), parameters);
        PredictPlan last = plan(engine, text.formatted(6, "last,"), parameters)) {
      final float[] expected = Arrays.copyOf(run(three, input, 1), 12);
      final float[] actual = run(six, padded, 2);
      assertArrayEquals(Arrays.copyOf(expected, 24), Arrays.copyOf(actual, 24));
      assertArrayEquals(expected, Arrays.copyOfRange(actual, 24 + 8, 24 + 20));
      assertArrayEquals(new float[8], Arrays.copyOfRange(actual, 24, 24 + 8));
      final float[] end = Arrays.copyOfRange(expected, 8, 12);
      final float[] ends = run(last, padded, 2);
      assertArrayEquals(end, Arrays.copyOf(ends, 4));
      assertArrayEquals(end, Arrays.copyOfRange(ends, 4, 8));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "input(5,3) rnn(4,bidirectional) rnn_relu(2,last)",
        "input(5,3) lstm(4,mask,stateful) gru(2,last,mask)"
      })
  void shouldReadWhatItDescribes(final String text) {
    assertEquals(text, Network.parse(text).describe());
  }

  @Test
  void shouldRefuseWhatDoesNotFit() {
    assertMessage(
        "shape of input of lstm mismatch: expected=[N,steps,features], actual=[N,3] (layer 0,"
            + " lstm(4))",
        () -> Network.of(Shape.batched(3), Recurrent.lstm(4)));
    assertMessage(
        "units of gru out of range: expected=1 or more, actual=0", () -> Recurrent.gru(0));
    assertMessage(
        "options of lstm mismatch: expected=at most one of bidirectional, stateful, actual=both",
        () -> Recurrent.lstm(4).withState().inBothDirections());
    assertMessage(
        "arguments of lstm mismatch: expected=units[,last][,bidirectional][,mask][,stateful],"
            + " actual=[4, first]",
        () -> Network.parse("input(5,3) lstm(4,first)"));
  }

  private static void assertMessage(final String message, final Runnable action) {
    assertEquals(message, assertThrows(GradusException.class, action::run).getMessage());
  }
}
