package dev.gradus.tests;

import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Layers over sequences against PyTorch: output, gradient of the input and of every parameter under
 * the mean squared error. {@code tools/golden/sequence.py} makes the values, in float64.
 */
final class SequenceGoldenTest {
  private static final String FILE = "/golden/sequence.txt";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "rnn|input(4,5) rnn(6)|3",
        "rnn_relu|input(4,5) rnn_relu(6)|3",
        "lstm|input(4,5) lstm(6)|3",
        "gru|input(4,5) gru(6)|3",
        "lstm_last|input(4,5) lstm(6,last)|3",
        "embedding|input(int,3) embedding(7,4,2)|2",
        "attention|input(5,6) attention(2)|2",
        "attention_causal|input(5,6) attention(2,causal)|2"
      })
  void shouldComputeAsPyTorch(final String name, final String text, final int rows)
      throws IOException {
    NetworkGolden.assertAsGolden(FILE, name, text, rows);
  }
}
