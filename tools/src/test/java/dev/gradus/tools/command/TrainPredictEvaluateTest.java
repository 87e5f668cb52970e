package dev.gradus.tools.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.gradus.tools.data.IdxFixtures;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From data to a model to predictions, as a user goes. */
final class TrainPredictEvaluateTest {
  private static final List<String> REPORT_KEYS =
      List.of(
          "dataset",
          "parameters",
          "seed",
          "threads",
          "backend",
          "epochs",
          "trainLoss",
          "trainAccuracy",
          "validationAccuracy",
          "testLoss",
          "testAccuracy",
          "testTop3",
          "testMacroF1",
          "testLogLoss",
          "testCalibrationError",
          "stepsPerSecond",
          "samplesPerSecond",
          "p50StepMicros",
          "p99StepMicros",
          "heapBytesPerStep",
          "offHeapBytes",
          "weightsSha256");

  @TempDir private static Path digits;
  private static CommandLineFixture trained;

  @TempDir private Path folder;

  @BeforeAll
  static void trainOnTheDigits() {
    trained =
        CommandLineFixture.execute("train", "--out", digits, "--report", digits.resolve("r.json"));
  }

  private static Path model() {
    return digits.resolve("model.safetensors");
  }

  private static Map<String, String> report(final Path file) throws IOException {
    final Map<String, String> values = new LinkedHashMap<>();
    try (JsonParser json = new JsonFactory().createParser(Files.readString(file))) {
      assertEquals(JsonToken.START_OBJECT, json.nextToken());
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        final String key = json.currentName();
        json.nextToken();
        values.put(key, json.getText());
      }
      assertEquals(JsonToken.END_OBJECT, json.currentToken());
    }
    return values;
  }

  /** The digits as a table with one line for each row. */
  private static List<String> digitLines() throws IOException {
    try (InputStream in =
        new GZIPInputStream(
            CommandLineFixture.class.getResourceAsStream(
                "/dev/gradus/tools/digits/digits.csv.gz"))) {
      return new String(in.readAllBytes(), StandardCharsets.US_ASCII).lines().toList();
    }
  }

  @Test
  void shouldLearnTheDigits() throws IOException {
    trained.assertFine();
    final Map<String, String> report = report(digits.resolve("r.json"));
    assertTrue(report.keySet().containsAll(REPORT_KEYS), report.toString());
    assertTrue(Double.parseDouble(report.get("testAccuracy")) >= 0.97, report.toString());
    assertEquals("digits", report.get("dataset"));
    assertEquals("19210", report.get("parameters"));
    assertEquals("40", report.get("epochs"));
    assertEquals(64, report.get("weightsSha256").length());
    assertTrue(trained.out().contains("matmul+bias+relu"), trained.out());
    assertTrue(trained.out().contains(report.get("offHeapBytes")), trained.out());
    assertTrue(Files.size(digits.resolve("training.png")) > 1000);
  }

  /**
   * An object in every step would be 16 bytes or more. What the JVM boxes in the one step in which
   * it swaps compiled code is none of the plan's: plans are held to 0 by a test of their own.
   */
  @Test
  @Tag("fresh-jvm")
  void shouldAllocateNoHeapInAWarmedStep() throws IOException {
    trained.assertFine();
    final String bytes = report(digits.resolve("r.json")).get("heapBytesPerStep");
    assertTrue(Double.parseDouble(bytes) < 1, bytes);
  }

  @Test
  void shouldGiveTheSameWeightsForTheSameSeedAtAnyNumberOfThreads() throws IOException {
    final List<String> hashes = new ArrayList<>();
    for (final String[] options : new String[][] {{"1", "7"}, {"2", "7"}, {"3", "7"}, {"1", "8"}}) {
      final CommandLineFixture run =
          CommandLineFixture.execute(
                  "train",
                  "--backend=java",
                  "--epochs=1",
                  "--threads=" + options[0],
                  "--seed=" + options[1],
                  "--out=" + folder)
              .assertFine();
      final String model =
          run.lines().stream().filter(line -> line.startsWith("model")).findFirst().orElseThrow();
      hashes.add(model.substring(model.lastIndexOf(' ') + 1));
    }
    assertEquals(64, hashes.get(0).length(), hashes.get(0));
    assertEquals(hashes.get(0), hashes.get(1));
    assertEquals(hashes.get(0), hashes.get(2));
    assertNotEquals(hashes.get(0), hashes.get(3));
  }

  @Test
  void shouldStopEarlyAndKeepTheBestWeights() throws IOException {
    final Path report = folder.resolve("early.json");
    final CommandLineFixture early =
        CommandLineFixture.execute(
                "train",
                "--schedule=warmup(50) cosine(0.1)",
                "--lr=0.01",
                "--epochs=60",
                "--patience=3",
                "--report=" + report,
                "--out=" + folder)
            .assertFine();
    final Map<String, String> values = report(report);
    assertEquals("true", values.get("stopped"));
    final String reason = values.get("stopReason");
    assertTrue(reason.startsWith("loss has not fallen for 3 epochs; the best is of"), reason);
    final int best = Integer.parseInt(reason.substring(reason.lastIndexOf(' ') + 1));
    assertEquals(best + 3, Integer.parseInt(values.get("epochs")), reason);
    final String bestLine =
        early.lines().stream()
            .filter(line -> line.startsWith("epoch " + best + "/60 "))
            .findFirst()
            .orElseThrow();
    final double loss = Double.parseDouble(values.get("validationLoss"));
    final String shown = String.format(Locale.ROOT, "validation loss %.4f", loss);
    assertTrue(bestLine.contains(shown), bestLine + " " + shown);
    assertTrue(early.out().contains("epochs: " + reason), early.out());
  }

  @Test
  void shouldStopAtATargetAndAfterATime() {
    final CommandLineFixture target =
        CommandLineFixture.execute("train", "--target-loss=0.5", "--out=" + folder).assertFine();
    assertTrue(target.out().contains("is at the target of 0.5 after epoch"), target.out());
    final CommandLineFixture time =
        CommandLineFixture.execute("train", "--max-seconds=1e-9", "--out=" + folder).assertFine();
    assertTrue(time.out().contains("stopped after step 1 of"), time.out());
  }

  @Test
  void shouldPredictARowALine() throws IOException {
    trained.assertFine();
    final CommandLineFixture predicted =
        CommandLineFixture.execute("predict", "--from", model(), "--data", "digits").assertFine();
    final List<String> rows = digitLines();
    assertEquals(rows.size(), predicted.lines().size());
    int right = 0;
    for (int row = 0; row < rows.size(); row++) {
      final String[] fields = predicted.lines().get(row).split("\t", -1);
      right += rows.get(row).endsWith("," + fields[0]) ? 1 : 0;
      final double probability = Double.parseDouble(fields[1]);
      assertTrue(probability > 0.1 && probability <= 1, predicted.lines().get(row));
    }
    assertTrue(right > 0.97 * rows.size(), "right: " + right);
    final CommandLineFixture score =
        CommandLineFixture.execute("evaluate", "--from", model(), "--data", "digits").assertFine();
    assertEquals((double) right / rows.size(), score.number("accuracy"), 5e-5);
    assertEquals(score.number("loss"), score.number("log loss"), 1e-4, "cross-entropy is both");
    assertTrue(score.number("top-3") > 0.99, score.out());
    assertEquals(score.number("accuracy"), score.number("macro F1"), 0.01, "even classes");
    assertTrue(score.number("calibration error") < 0.05, score.out());
    assertFalse(score.out().contains("ROC"), score.out());
  }

  @Test
  void shouldPredictFromATableWithOrWithoutTheTarget() throws IOException {
    trained.assertFine();
    final List<String> rows = digitLines().subList(0, 50);
    final Path with = Files.write(folder.resolve("with.csv"), rows);
    final Path without =
        Files.write(
            folder.resolve("without.csv"),
            rows.stream().map(row -> row.substring(0, row.lastIndexOf(','))).toList());
    final CommandLineFixture first =
        CommandLineFixture.execute("predict", "--from", model(), "--data", with).assertFine();
    final CommandLineFixture second =
        CommandLineFixture.execute("predict", "--from", model(), "--data", without).assertFine();
    assertEquals(50, first.lines().size());
    assertEquals(first.out(), second.out());
    CommandLineFixture.execute("evaluate", "--from", model(), "--data", without)
        .assertFails(1, "expected=a label for each row, actual=none");
  }

  @Test
  void shouldWritePredictionsToAFile() throws IOException {
    trained.assertFine();
    final Path out = folder.resolve("predictions.csv");
    final CommandLineFixture written =
        CommandLineFixture.execute("predict", "--from", model(), "--data", "digits", "--out", out)
            .assertFine();
    assertEquals("", written.out());
    final List<String> lines = Files.readAllLines(out);
    assertEquals("class,probability", lines.get(0));
    assertEquals(
        CommandLineFixture.execute("predict", "--from", model(), "--data", "digits").lines(),
        lines.subList(1, lines.size()).stream().map(line -> line.replace(',', '\t')).toList());
  }

  @Test
  void shouldTrainOnIdxFilesWithATest() throws IOException {
    IdxFixtures.pair(folder, "train", 300);
    IdxFixtures.pair(folder, "t10k", 30);
    final Path file = folder.resolve("models/my.safetensors");
    final CommandLineFixture idx =
        CommandLineFixture.execute(
                "train",
                "--data=" + folder,
                "--model=4-8-3",
                "--epochs=30",
                "--lr=0.05",
                "--batch=1000",
                "--out=" + file)
            .assertFine();
    assertTrue(idx.out().contains("training 270, validation 30, test 30"), idx.out());
    assertTrue(Files.exists(folder.resolve("models/my.png")));
    final CommandLineFixture score =
        CommandLineFixture.execute("evaluate", "--from", file, "--data", folder).assertFine();
    assertEquals(30, score.number("rows"));
    assertEquals(1, score.number("accuracy"));
  }

  @Test
  void shouldTrainOnATableOfNamedClasses() throws IOException {
    final SplittableRandom random = new SplittableRandom(5);
    final List<String> lines = new ArrayList<>(List.of("kind;size;weight"));
    for (int i = 0; i < 200; i++) {
      final boolean big = i % 2 == 0;
      final double size = (big ? 1000 : 900) + random.nextDouble() * 50;
      lines.add((big ? "\"a; cat\"" : "dog") + ";" + size + ";" + random.nextDouble());
    }
    final Path table = Files.write(folder.resolve("table.csv"), lines);
    CommandLineFixture.execute(
            "train", "--data", table, "--target", "kind", "--epochs", 20, "--out", folder)
        .assertFine();
    final Path unlabelled =
        Files.writeString(folder.resolve("new.csv"), "weight,size\n0.5,1020\n0.5,910\n");
    final CommandLineFixture predicted =
        CommandLineFixture.execute(
                "predict", "--from", folder.resolve("model.safetensors"), "--data", unlabelled)
            .assertFine();
    assertTrue(predicted.lines().get(0).startsWith("a; cat\t"), predicted.out());
    assertTrue(predicted.lines().get(1).startsWith("dog\t"), predicted.out());
  }

  @Test
  void shouldReportTheFiguresOfTwoClasses() throws IOException {
    final SplittableRandom random = new SplittableRandom(9);
    final List<String> lines = new ArrayList<>(List.of("a,kind"));
    for (int i = 0; i < 300; i++) {
      final boolean high = i % 2 == 0;
      final double a = random.nextDouble() + (high ? 0.5 : 0);
      lines.add(a + (high ? ",high" : ",low"));
    }
    final Path table = Files.write(folder.resolve("table.csv"), lines);
    final Path json = folder.resolve("scores.json");
    final Path file = folder.resolve("model.safetensors");
    CommandLineFixture.execute("train", "--data", table, "--target", "kind", "--out", folder)
        .assertFine();
    final CommandLineFixture score =
        CommandLineFixture.execute("evaluate", "--from", file, "--data", table, "--report", json)
            .assertFine();
    final Map<String, String> kinds = report(json);
    assertEquals("300", kinds.get("rows"));
    assertEquals(score.number("ROC AUC"), Double.parseDouble(kinds.get("rocAuc")), 5e-5);
    assertEquals(score.number("log loss"), Double.parseDouble(kinds.get("logLoss")), 5e-5);
    assertFalse(kinds.containsKey("top3"), kinds.toString());
  }

  @Test
  void shouldEvenOutRareClasses() throws IOException {
    final SplittableRandom random = new SplittableRandom(8);
    final List<String> lines = new ArrayList<>(List.of("a,kind"));
    for (int i = 0; i < 600; i++) {
      final boolean rare = i % 20 == 0;
      lines.add((rare ? 0.6 : 0) + random.nextDouble() + (rare ? ",rare" : ",usual"));
    }
    final Path table = Files.write(folder.resolve("table.csv"), lines);
    final Path file = folder.resolve("model.safetensors");
    final List<Long> found = new ArrayList<>();
    for (final String weights : List.of("1,1", "balanced", "10.5,0.5")) {
      CommandLineFixture.execute(
              "train",
              "--data",
              table,
              "--target",
              "kind",
              "--class-weights",
              weights,
              "--label-smoothing",
              0.1,
              "--out",
              folder)
          .assertFine();
      final CommandLineFixture predicted =
          CommandLineFixture.execute("predict", "--from", file, "--data", table).assertFine();
      found.add(predicted.lines().stream().filter(line -> line.startsWith("rare")).count());
    }
    assertTrue(found.get(0) < 20 && found.get(1) > 100 && found.get(2) > 100, () -> "" + found);
    CommandLineFixture.execute(
            "train", "--data", table, "--target", "kind", "--class-weights", "1,2,3")
        .assertFails(1, "number of class weights mismatch: expected=2, actual=3");
  }

  @Test
  void shouldDescribeTheMachine() {
    final CommandLineFixture info = CommandLineFixture.execute("info").assertFine();
    for (final String name :
        new String[] {"version", "JDK", "CPU", "SIMD", "kernels", "backend", "openblas"}) {
      assertTrue(info.lines().stream().anyMatch(line -> line.startsWith(name)), info.out());
    }
  }

  @Test
  void shouldHelpEverywhere() {
    for (final String command : new String[] {"train", "predict", "evaluate", "info"}) {
      final CommandLineFixture help = CommandLineFixture.execute(command, "--help").assertFine();
      assertTrue(help.out().contains("Usage: gradus " + command), help.out());
    }
    assertTrue(CommandLineFixture.execute("--help").assertFine().out().contains("Exit codes"));
    final String version = CommandLineFixture.execute("--version").assertFine().out();
    assertTrue(version.matches("(?s)Gradus \\d+\\.\\d+.*JDK 25.*"), version);
  }
}
