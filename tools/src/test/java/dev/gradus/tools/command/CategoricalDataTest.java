package dev.gradus.tools.command;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tables with columns of texts, from training to prediction. */
final class CategoricalDataTest {
  private static final String EMBEDDED =
      "concat(columns(0,numbers) | columns(numbers,categories) categorical(3,sizes) flatten())"
          + " dense(16,relu) dense(out)";

  @TempDir private Path folder;

  /** Sweet where the fruit is a fig, or a plum that weighs more than 5; some fruits are unknown. */
  private Path table(final String name, final int rows, final boolean targets, final String strange)
      throws IOException {
    final SplittableRandom random = new SplittableRandom(7);
    final String[] fruits = {"fig", "plum", "lemon", "?"};
    final List<String> lines = new ArrayList<>(List.of("fruit,weight,colour,taste"));
    for (int i = 0; i < rows; i++) {
      final int fruit = random.nextInt(fruits.length);
      final int weight = random.nextInt(10);
      final boolean sweet = fruit == 0 || (fruit == 1 && weight > 5);
      final String colour = i == rows - 1 ? strange : random.nextBoolean() ? "red" : " blue ";
      lines.add(fruits[fruit] + "," + weight + "," + colour + "," + (sweet ? "sweet" : "sour"));
    }
    if (!targets) {
      lines.replaceAll(line -> line.substring(0, line.lastIndexOf(',')));
    }
    return Files.write(folder.resolve(name), lines);
  }

  private CommandLineFixture train(final Path data, final String... more) {
    final List<Object> arguments =
        new ArrayList<>(List.of("train", "--data", data, "--out", folder));
    arguments.addAll(List.of(more));
    return CommandLineFixture.execute(arguments.toArray());
  }

  private CommandLineFixture run(final String command, final Path data) {
    return CommandLineFixture.execute(
        command, "--from", folder.resolve("model.safetensors"), "--data", data);
  }

  @ParameterizedTest
  @ValueSource(strings = {"mlp-small", EMBEDDED, "wide-deep", "deepfm"})
  void shouldLearnFromCategories(final String model) throws IOException {
    train(table("training.csv", 600, true, "red"), "--model", model).assertFine();
    final Path other = table("other.csv", 300, true, "never-seen");
    final CommandLineFixture score = run("evaluate", other).assertFine();
    assertTrue(score.lines().get(0).matches("rows +300"), score.out());
    final double accuracy =
        score.lines().stream()
            .filter(line -> line.startsWith("accuracy"))
            .mapToDouble(line -> Double.parseDouble(line.substring(8).strip()))
            .findFirst()
            .orElseThrow();
    assertTrue(accuracy >= 0.98, score.out());
    final Path unknown = table("unknown.csv", 300, false, "never-seen");
    assertEquals(
        run("predict", other).assertFine().out(), run("predict", unknown).assertFine().out());
  }

  @Test
  void shouldScaleAsAsked() throws IOException {
    final Path data = table("training.csv", 200, true, "red");
    final List<String> models = new ArrayList<>();
    for (final String scale : List.of("standard", "minmax", "none")) {
      train(data, "--scale", scale, "--epochs", "1").assertFine();
      models.add(Files.readString(folder.resolve("model.safetensors"), ISO_8859_1));
    }
    assertTrue(models.get(1).contains("number(0.0,0.1111111111111111)"), models.get(1));
    assertTrue(models.get(2).contains("number(0.0,1.0)"), models.get(2));
    train(data, "--scale", "standart").assertFails(2, "unknown scaling", "nearest=standard");
  }

  @Test
  void shouldTakeNumbersForCategoriesWhereAsked() throws IOException {
    final Path data = table("training.csv", 200, true, "red");
    train(
            data,
            "--categorical",
            "weight, 1,colour",
            "--model",
            "categorical(2,sizes) flatten() dense(out)",
            "--epochs",
            "1")
        .assertFine();
    final String model = Files.readString(folder.resolve("model.safetensors"), ISO_8859_1);
    assertTrue(model.contains("categorical(2,5,11,3)"), model.substring(0, 600));
  }

  @Test
  void shouldSayWhatIsNoNumber() throws IOException {
    final Path data = table("training.csv", 200, true, "red");
    train(data, "--categorical", "none").assertFails(1, "line 2, column 1 (fruit)", "a finite");
    train(data, "--categorical", "frut").assertFails(1, "unknown column \"frut\"", "nearest=fruit");
    train(data, "--categorical", "taste").assertFails(1, "expected=a feature", "taste, the target");
    train(data).assertFine();
    final Path damaged = folder.resolve("damaged.csv");
    Files.writeString(damaged, "fruit,weight,colour\nfig,heavy,red\n");
    run("predict", damaged).assertFails(1, "line 2, column 2 (weight)", "actual=\"heavy\"");
    Files.writeString(damaged, "fruit,weight,colour\nfig,?,red\n");
    run("predict", damaged).assertFails(1, "column 2 (weight)", "a missing value \"?\"");
  }
}
