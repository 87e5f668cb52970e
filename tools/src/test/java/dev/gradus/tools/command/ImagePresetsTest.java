package dev.gradus.tools.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Presets for images, trained on the digits that ship with Gradus. */
final class ImagePresetsTest {
  /** The first of the digits, a zero, in pixels of 0 to 16. */
  private static final int[] FIRST_DIGIT = {
    0, 0, 5, 13, 9, 1, 0, 0, //
    0, 0, 13, 15, 10, 15, 5, 0, //
    0, 3, 15, 2, 0, 11, 8, 0, //
    0, 4, 12, 0, 0, 8, 8, 0, //
    0, 5, 8, 0, 0, 9, 8, 0, //
    0, 4, 11, 0, 1, 12, 7, 0, //
    0, 2, 14, 5, 10, 12, 0, 0, //
    0, 0, 6, 13, 10, 0, 0, 0
  };

  @TempDir private Path folder;

  private CommandLineFixture train(final String model, final int epochs) {
    return CommandLineFixture.execute(
            "train", "--model", model, "--epochs", epochs, "--backend=java", "--out", folder)
        .assertFine();
  }

  private static double test(final CommandLineFixture run, final String figure) {
    final String line =
        run.lines().stream().filter(text -> text.startsWith("test  ")).findFirst().orElseThrow();
    return Double.parseDouble(line.replaceAll(".*" + figure + " (\\S+).*", "$1"));
  }

  @Test
  void shouldReadDigitsRowByRowWithATransformer() {
    final CommandLineFixture run = train("transformer", 6);
    assertTrue(test(run, "accuracy") >= 0.93, run.out());
  }

  /** The mean image is off by 0.27 on the average pixel from 0 to 1. */
  @Test
  void shouldReconstructDigitsAndDrawThem() throws IOException {
    final CommandLineFixture run = train("autoencoder", 30);
    final double rmse = test(run, "RMSE");
    assertTrue(rmse > 0 && rmse <= 0.15, run.out());
    assertTrue(test(run, "R2") > 0.8, run.out());
    final Path file = folder.resolve("training-reconstructions.png");
    final BufferedImage picture = ImageIO.read(file.toFile());
    assertEquals(10 * 10 * 2, picture.getWidth()); // ten images of 8 pixels and a gap, doubled
    assertEquals(10 * 10 * 2, picture.getHeight());
    assertTrue(difference(picture, 0, 1) < difference(picture, 0, 2), "rows don't go together");
    assertScored(rmse);
    assertReconstructed(rmse);
  }

  /** All rows, most of which it has learned from, are off by less than those of the test. */
  private void assertScored(final double testRmse) {
    final CommandLineFixture run = onDigits("evaluate").assertFine();
    final double rmse = run.number("RMSE");
    assertTrue(rmse > 0.5 * testRmse && rmse <= testRmse, rmse + " of " + testRmse);
  }

  /** The reconstructions are in the data's units, 0 to 16, and as far off as is said of them. */
  private void assertReconstructed(final double testRmse) throws IOException {
    final List<String> errors = onDigits("predict").assertFine().lines();
    assertEquals(1797, errors.size());
    final double first = Double.parseDouble(errors.get(0));
    assertTrue(first > 0 && first < 3 * testRmse, errors.get(0));
    final Path csv = folder.resolve("rows.csv");
    onDigits("predict", "--out", csv).assertFine();
    final List<String> lines = Files.readAllLines(csv);
    assertEquals(1 + 1797, lines.size());
    final String[] names = lines.get(0).split(",", -1);
    assertEquals(64, names.length);
    final double[] values =
        Arrays.stream(lines.get(1).split(",", -1)).mapToDouble(Double::parseDouble).toArray();
    double sum = 0;
    for (int i = 0; i < values.length; i++) {
      final double difference = (values[i] - FIRST_DIGIT[i]) / 16;
      sum += difference * difference;
    }
    assertEquals(first, Math.sqrt(sum / values.length), 1e-5);
  }

  private CommandLineFixture onDigits(final String command, final Object... more) {
    final List<Object> arguments =
        new ArrayList<>(
            List.of(command, "--from", folder.resolve("model.safetensors"), "--data=digits"));
    arguments.addAll(List.of(more));
    return CommandLineFixture.execute(arguments.toArray());
  }

  /** Between two rows of images, summed over pixels. */
  private static long difference(final BufferedImage picture, final int a, final int b) {
    long sum = 0;
    for (int y = 0; y < 16; y++) {
      for (int x = 0; x < picture.getWidth(); x++) {
        final int one = picture.getRaster().getSample(x, a * 20 + y, 0);
        sum += Math.abs(one - picture.getRaster().getSample(x, b * 20 + y, 0));
      }
    }
    return sum;
  }

  @Test
  void shouldRefuseClassesForAnAutoencoder() {
    CommandLineFixture.execute(
            "train", "--model=autoencoder", "--loss=cross-entropy", "--out", folder)
        .assertFails(2, "loss of an autoencoder mismatch: expected=one of numbers");
  }
}
