package dev.gradus.tools.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Presets for images, trained on the digits that ship with Gradus. */
final class ImagePresetsTest {
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
