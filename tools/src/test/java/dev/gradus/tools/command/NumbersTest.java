package dev.gradus.tools.command;

import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models of numbers, from data to predictions. */
final class NumbersTest {
  @TempDir private Path folder;

  @Test
  void shouldFitNumbers() throws IOException {
    final SplittableRandom random = new SplittableRandom(6);
    final List<String> lines = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      final double a = random.nextDouble();
      final double b = random.nextDouble();
      lines.add(a + "," + b + "," + (50_000 + 10_000 * (3 * a - 2 * b)));
    }
    final Path table = Files.write(folder.resolve("table.csv"), lines);
    final CommandLineFixture fitted =
        CommandLineFixture.execute("train", "--data", table, "--loss", "mse", "--out", folder)
            .assertFine();
    assertTrue(fitted.out().contains("RMSE"), fitted.out());
    final Path file = folder.resolve("model.safetensors");
    final CommandLineFixture score =
        CommandLineFixture.execute("evaluate", "--from", file, "--data", table).assertFine();
    assertTrue(score.number("R2") > 0.98, score.out());
    assertTrue(score.number("RMSE") < 1500, score.out());
    assertTrue(score.number("MAE") <= score.number("RMSE"), score.out());
    assertTrue(score.number("MAE") > score.number("RMSE") / 10, score.out());
    final CommandLineFixture predicted =
        CommandLineFixture.execute("predict", "--from", file, "--data", table).assertFine();
    final String target = lines.get(0).substring(lines.get(0).lastIndexOf(',') + 1);
    assertEquals(Double.parseDouble(target), Double.parseDouble(predicted.lines().get(0)), 6000);
  }

  @Test
  void shouldFitNumbersDespiteOutliers() throws IOException {
    final SplittableRandom random = new SplittableRandom(7);
    final List<String> lines = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      final double a = random.nextDouble();
      lines.add(a + "," + (i % 20 == 0 ? 900 : 10 * a));
    }
    final Path table = Files.write(folder.resolve("table.csv"), lines);
    final Path file = folder.resolve("model.safetensors");
    final List<String> clean = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      clean.add(i / 100.0 + "," + i / 10.0);
    }
    final Path test = Files.write(folder.resolve("clean.csv"), clean);
    final List<Double> errors = new ArrayList<>();
    for (final String loss : List.of("mse", "mae", "huber(0.1)", "smooth_l1(0.1)")) {
      CommandLineFixture.execute("train", "--data", table, "--loss", loss, "--out", folder)
          .assertFine();
      final CommandLineFixture score =
          CommandLineFixture.execute("evaluate", "--from", file, "--data", test).assertFine();
      errors.add(score.number("RMSE"));
    }
    for (final double robust : errors.subList(1, 4)) {
      assertTrue(robust < errors.get(0) / 3, () -> "" + errors);
    }
  }

  private static double rmse(final String line) {
    return Double.parseDouble(line.substring(line.indexOf("RMSE") + 4, line.indexOf("R2")));
  }

  @Test
  void shouldTrainOnEachOfTheGivenSplits() throws IOException {
    final StringBuilder rows = new StringBuilder();
    for (int i = 0; i < 60; i++) {
      rows.append(String.format(Locale.ROOT, " %d  %.1f\t%d%n", i % 7, i / 10.0, 5 * (i % 7) - i));
    }
    Files.writeString(folder.resolve("data.txt"), rows.append('\n'));
    Files.writeString(folder.resolve("index_features.txt"), "0\n1\n");
    Files.writeString(folder.resolve("index_target.txt"), "2.0\n");
    for (int split = 0; split < 2; split++) {
      final int first = 6 * split;
      Files.writeString(
          folder.resolve("index_test_" + split + ".txt"),
          IntStream.range(first, first + 6).mapToObj(i -> i + "\n").collect(joining()));
      Files.writeString(
          folder.resolve("index_train_" + split + ".txt"),
          IntStream.range(0, 60)
              .filter(i -> i < first || i >= first + 6)
              .mapToObj(i -> i + "\n")
              .collect(joining()));
    }
    final Path out = folder.resolve("out");
    final CommandLineFixture all =
        CommandLineFixture.execute(
                "train",
                "--data",
                folder,
                "--split",
                "all",
                "--loss",
                "mse",
                "--model",
                "linear",
                "--lr",
                0.05,
                "--epochs",
                100,
                "--out",
                out)
            .assertFine();
    assertEquals(3, all.lines().size(), all.out());
    assertTrue(all.lines().get(1).matches("split 1 +test loss .* RMSE .*\\(6 rows\\)"), all.out());
    final Matcher mean =
        Pattern.compile("2 splits +test RMSE ([^,]+), standard error .*")
            .matcher(all.lines().get(2));
    assertTrue(mean.matches(), all.out());
    final double sum = rmse(all.lines().get(0)) + rmse(all.lines().get(1));
    assertEquals(sum / 2, Double.parseDouble(mean.group(1)), 1e-6);
    assertTrue(sum / 2 < 0.1, "it is linear: " + all.out());
    assertTrue(Files.exists(out.resolve("split-1").resolve("model.safetensors")));

    final CommandLineFixture one =
        CommandLineFixture.execute(
                "train",
                "--data",
                folder,
                "--split",
                1,
                "--loss",
                "mse",
                "--model",
                "linear",
                "--lr",
                0.05,
                "--epochs",
                100,
                "--out",
                out)
            .assertFine();
    final String scores = all.lines().get(1).substring(all.lines().get(1).indexOf("loss"));
    assertTrue(one.out().contains(scores), one.out());

    CommandLineFixture.execute("train", "--data", folder, "--split", 2, "--out", out)
        .assertFails(1, "split of", "expected=0 to 1, actual=2");
    CommandLineFixture.execute("train", "--split", "some", "--out", out)
        .assertFails(2, "split mismatch: expected=a number from 0, or all, actual=some");
    CommandLineFixture.execute("train", "--split", "all", "--out", out)
        .assertFails(1, "data with --split mismatch: expected=a folder that says its splits");
    CommandLineFixture.execute(
            "train", "--data", folder, "--split", "all", "--report", out, "--out", out)
        .assertFails(2, "--split with --report mismatch");
  }
}
