package dev.gradus.tools.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Images made by a network, on the digits that ship with Gradus. */
final class GanCommandTest {
  @TempDir private Path folder;

  @Test
  void shouldDrawWhatItMakesAndAskAClassifier() throws IOException {
    CommandLineFixture.execute("train", "--epochs", "3", "--out", folder).assertFine();
    final CommandLineFixture run =
        CommandLineFixture.execute(
            "gan",
            "--epochs",
            "2",
            "--out",
            folder,
            "--classifier",
            folder.resolve("model.safetensors"));
    run.assertFine();
    assertTrue(run.out().contains("epoch 2/2: loss of generator "), run.out());
    assertTrue(run.out().contains("classifier: on real images loss 0."), run.out());
    assertTrue(
        run.out().contains("classifier: on generated images mean largest probability 0."),
        run.out());
    assertTrue(
        run.out().contains("collapsed: images are nearly alike, their spread 0."),
        "after 56 steps: " + run.out());
    assertTrue(run.out().contains(" of 10 classes with 2 % of the images or more"), run.out());
    final BufferedImage picture = ImageIO.read(folder.resolve("generated.png").toFile());
    assertEquals(200, picture.getWidth(), "ten digits of 8 pixels and 2 between, twice as large");
    assertEquals(200, picture.getHeight());
    int grey = 0;
    for (int x = 0; x < 200; x++) {
      final int value = picture.getRaster().getSample(x, 8, 0);
      grey += value > 0 && value < 255 ? 1 : 0;
    }
    assertTrue(grey > 20, grey + " grey pixels");
  }

  @Test
  void shouldRefuseWhatIsNoImage() throws IOException {
    final Path table = Files.writeString(folder.resolve("table.csv"), "a,b\n1,2\n3,4\n");
    CommandLineFixture.execute("gan", "--data", table, "--out", folder)
        .assertFails(
            1,
            "expected=images of one channel, height and width multiples of 4, actual=rows of shape"
                + " [N,1]");
    CommandLineFixture.execute(
            "train",
            "--data",
            table,
            "--loss",
            "mse",
            "--epochs",
            "1",
            "--split-sizes",
            "50/0/50",
            "--out",
            folder)
        .assertFine();
    CommandLineFixture.execute(
            "gan", "--classifier", folder.resolve("model.safetensors"), "--out", folder)
        .assertFails(1, "classifier mismatch: expected=classes of 64 pixels, actual=input(1)");
    CommandLineFixture.execute("gan", "--epochs", "0").assertFails(2, "--epochs out of range");
    assertFalse(Files.exists(folder.resolve("generated.png")));
  }
}
