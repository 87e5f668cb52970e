package dev.gradus.tests;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Recurrent layers in all their forms against PyTorch: output, gradient of the input and of every
 * parameter under the mean squared error. {@code tools/golden/recurrent.py} makes the values, in
 * float64.
 */
final class RecurrentGoldenTest {
  private static final String FILE = "/golden/recurrent.txt";
  private static final int ROWS = 3;

  @ParameterizedTest
  @ValueSource(strings = {"rnn", "rnn_relu", "lstm", "gru"})
  void shouldReadInBothDirectionsAsPyTorch(final String cell) throws IOException {
    check(cell + "_both", "input(3,2) " + cell + "(3,bidirectional)");
  }

  /** Rows of 3, 1 and 2 steps, with padding of zeros, against packed sequences. */
  @ParameterizedTest
  @ValueSource(strings = {"rnn", "rnn_relu", "lstm", "gru"})
  void shouldLeavePaddingOutAsPyTorch(final String cell) throws IOException {
    final String input = "input(3,2) " + cell;
    check(cell + "_masked", input + "(3,mask)");
    check(cell + "_masked_both", input + "(3,bidirectional,mask)");
    check(cell + "_masked_both_last", input + "(3,bidirectional,last,mask)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"rnn", "rnn_relu", "lstm", "gru"})
  void shouldStackAsPyTorch(final String cell) throws IOException {
    check(cell + "_stacked", "input(3,2) " + cell + "(3) " + cell + "(3)");
    if (cell.equals("lstm")) {
      final String layer = " lstm(3,bidirectional,mask)";
      check("lstm_stacked_masked_both", "input(3,2)" + layer + layer);
    }
  }

  /** Three runs, each from the state that the one before left; gradients end at a run's start. */
  @ParameterizedTest
  @ValueSource(strings = {"rnn", "rnn_relu", "lstm", "gru"})
  void shouldCarryStateAsPyTorch(final String cell) throws IOException {
    final String name = cell + "_carried:";
    NetworkGolden.assertAsGolden(
        FILE, List.of(name + 0, name + 1, name + 2), "input(2,2) " + cell + "(3,stateful)", 2);
  }

  private static void check(final String name, final String text) throws IOException {
    NetworkGolden.assertAsGolden(FILE, name, text, ROWS);
  }
}
