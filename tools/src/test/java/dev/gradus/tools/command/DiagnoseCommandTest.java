package dev.gradus.tools.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real handwritten digits pass; what is wrong with data or model is printed. */
final class DiagnoseCommandTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mlp",
        "conv2d(16,3,1,1,relu) max_pool2d(2) flatten() dense(out)",
        "input(8,8) lstm(32,last) dense(out)",
      })
  void shouldFindNothingWrongWithDigits(final String model) {
    final CommandLineFixture run =
        CommandLineFixture.execute("diagnose", "--rows", "400", "--model", model).assertFine();
    assertEquals(7, run.lines().size(), run.out());
    for (final String line : run.lines().subList(1, 7)) {
      assertTrue(line.startsWith("OK "), line);
    }
    assertTrue(run.lines().get(0).endsWith("cross-entropy, 400 rows of digits"), run.out());
    assertTrue(run.lines().get(1).contains("even guesses of 10 classes, ln 10, "), run.out());
  }

  @Test
  void shouldFailWhereTheTargetHasNothingToDoWithTheFeatures() throws IOException {
    final Random random = new Random(4);
    final StringBuilder table = new StringBuilder("a,b,target\n");
    for (int row = 0; row < 200; row++) {
      table.append("1,2,").append(random.nextGaussian()).append('\n');
    }
    final Path file = Files.writeString(folder.resolve("table.csv"), table);
    final CommandLineFixture run =
        CommandLineFixture.execute("diagnose", "--data", file, "--loss", "mse");
    assertEquals(1, run.exitCode(), run.out());
    assertEquals("", run.err());
    assertTrue(run.out().contains("FAILED      input "), run.out());
  }

  @Test
  void shouldLearnNumbersOfATable() throws IOException {
    final Random random = new Random(5);
    final StringBuilder table = new StringBuilder("a,b,target\n");
    for (int row = 0; row < 200; row++) {
      final double a = random.nextGaussian();
      final double b = random.nextGaussian();
      table.append(a).append(',').append(b).append(',').append(50 + a - 2 * b).append('\n');
    }
    final Path file = Files.writeString(folder.resolve("table.csv"), table);
    final CommandLineFixture run =
        CommandLineFixture.execute("diagnose", "--data", file, "--loss", "mse").assertFine();
    assertTrue(run.out().contains("mse, 140 rows of " + file), run.out());
  }

  @Test
  void shouldReconstructDigits() {
    final CommandLineFixture run =
        CommandLineFixture.execute("diagnose", "--rows", "400", "--model", "autoencoder")
            .assertFine();
    assertTrue(run.lines().get(0).endsWith("mse, 400 rows of digits"), run.out());
  }

  @Test
  void shouldRefuseBadOptions() {
    CommandLineFixture.execute("diagnose", "--rows", "7")
        .assertFails(2, "--rows out of range: expected=8 or more, actual=7");
    CommandLineFixture.execute("diagnose", "--model", "mpl").assertFails(2, "nearest=mlp");
    CommandLineFixture.execute("diagnose", "--model", "65-10")
        .assertFails(1, "first size of the model mismatch");
  }
}
