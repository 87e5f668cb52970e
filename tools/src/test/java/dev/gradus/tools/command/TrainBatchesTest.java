package dev.gradus.tools.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How the command line divides data and makes batches of them. */
final class TrainBatchesTest {
  @TempDir private Path folder;

  /** A short training on the digits. */
  private CommandLineFixture train(final Object... more) {
    final List<Object> arguments =
        new ArrayList<>(List.of("train", "--model", "linear", "--out", folder));
    arguments.addAll(List.of(more));
    if (!arguments.contains("--epochs")) {
      arguments.addAll(List.of("--epochs", 2));
    }
    return CommandLineFixture.execute(arguments.toArray());
  }

  /** The weights' SHA-256. */
  private static String weights(final CommandLineFixture result) {
    return wordBehind("SHA-256 ", result.assertFine().out());
  }

  private static String wordBehind(final String label, final String text) {
    final Matcher matcher = Pattern.compile(Pattern.quote(label) + "(\\S+)").matcher(text);
    assertTrue(matcher.find(), text);
    return matcher.group(1);
  }

  @ParameterizedTest
  @CsvSource({"32, 40, 39", "full, 1, 1", "1, 1259, 1259"})
  void shouldTakeAllRowsOrWholeBatches(final String batch, final int all, final int whole) {
    // Of 1,797 rows 1,259 are for training: 39 batches of 32, and 11 rows more.
    for (final boolean drop : new boolean[] {false, true}) {
      final int steps = drop ? whole : all;
      final List<Object> options = new ArrayList<>(List.of("--batch", batch, "--schedule"));
      // Falls to nothing within the steps before the last: which ones those are shows.
      options.add("linear(0," + steps + ")");
      options.add("--epochs");
      options.add(1);
      if (drop) {
        options.add("--drop-last");
      }
      final String asGiven = weights(train(options.toArray()));
      options.set(3, "linear");
      assertEquals(asGiven, weights(train(options.toArray())), steps + " steps in an epoch");
    }
  }

  @ParameterizedTest
  @CsvSource({"80/0/20, 1438, 0, 359", "60/20/20, 1078, 360, 359", "90/10, 1617, 180, 0"})
  void shouldDivideAsAsked(
      final String sizes, final int training, final int validation, final int test)
      throws IOException {
    final CommandLineFixture result = train("--split-sizes", sizes).assertFine();
    final String counts =
        String.format("training %d, validation %d, test %d", training, validation, test);
    assertTrue(result.out().contains(counts), result.out());
    assertEquals(validation > 0, result.out().contains("validation  loss"), result.out());
    assertEquals(validation > 0, result.out().contains("  validation loss"), result.out());
    assertEquals(test > 0, result.out().contains("test        loss"), result.out());
    assertTrue(Files.size(folder.resolve("training.png")) > 1000);
  }

  @Test
  void shouldTrainOnChangedImagesTheSameAtAnyNumberOfThreads() {
    final String plain = weights(train());
    final List<String> hashes = new ArrayList<>();
    for (final int threads : new int[] {1, 3}) {
      hashes.add(
          weights(train("--augment", "shift(1) rotate(10) flip noise(1)", "--threads", threads)));
    }
    assertEquals(hashes.get(0), hashes.get(1));
    assertNotEquals(plain, hashes.get(0));
  }

  @Test
  void shouldTrainOnMixedImages() {
    final CommandLineFixture result = train("--augment", "mixup(0.2)", "--epochs", 8).assertFine();
    assertTrue(result.out().contains("soft-cross-entropy"), result.out());
    final String test = result.out().lines().filter(l -> l.startsWith("test")).findFirst().get();
    final double accuracy = Double.parseDouble(wordBehind("accuracy ", test));
    assertTrue(accuracy > 0.7, test);
  }

  @Test
  void shouldBalanceClasses() {
    assertNotEquals(weights(train()), weights(train("--balanced")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--augment=flop | unknown augmentation \"flop\": expected=one of [shift,",
        "--augment=flop | nearest=flip",
        "--augment=shift(0) | pixels of shift out of range: expected=1 or more, actual=0",
        "--batch=many | batch mismatch: expected=a number of rows, or full, actual=many",
        "--split-sizes=80/30 | split sizes mismatch: expected=training/validation/test in percent,",
        "--split-sizes=0/80/20 | actual=0/80/20",
        "--split-sizes=a/b | actual=a/b",
        "--split-sizes=80/0/20 --patience=3 | split sizes with --patience or --target-loss"
            + " mismatch: expected=a share for validation, actual=none",
        "--augment=mixup --label-smoothing=0.1 | loss with mixup mismatch: expected=cross-entropy"
            + " without label smoothing and class weights, actual=cross-entropy(0.1)"
      })
  void shouldExplainWrongUsage(final String options, final String part) throws IOException {
    train((Object[]) options.split(" ")).assertFails(2, part);
    assertNothingWritten();
  }

  @Test
  void shouldExplainDataThatDoNotFit() throws IOException {
    train("--augment", "shift(8)")
        .assertFails(1, "pixels of shift of images of 8x8 out of range: expected=1 to 7, actual=8");
    final Path table = folder.resolve("t.csv");
    final List<String> lines = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      lines.add(i + ",1," + (i % 2 == 0 ? "even" : "odd"));
    }
    Files.write(table, lines);
    train("--data", table, "--augment", "flip")
        .assertFails(
            1,
            "shape of images to augment mismatch: expected=[N,channels,height,width] or"
                + " [N,height,width], actual=[N,2]");
    Files.delete(table);
    assertNothingWritten();
  }

  private void assertNothingWritten() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      assertFalse(files.findAny().isPresent());
    }
  }
}
