package dev.gradus.tools.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HistoryPictureTest {
  @TempDir private Path folder;

  private BufferedImage draw(final double accuracy) throws IOException {
    final History history = new History();
    history.add(new History.Epoch(2, accuracy, 2.2, accuracy));
    history.add(new History.Epoch(1, accuracy, 1.3, accuracy));
    final Path file = folder.resolve("picture.png");
    final String reason = HistoryPicture.draw(file, history);
    assumeTrue(reason == null || !reason.startsWith("this machine can't draw"), reason);
    assertNull(reason);
    return ImageIO.read(file.toFile());
  }

  @Test
  void shouldDrawLossBesideAccuracy() throws IOException {
    final BufferedImage both = draw(0.5);
    final BufferedImage loss = draw(Double.NaN);
    assertEquals(2 * loss.getWidth(), both.getWidth());
    final Set<Integer> colors = new HashSet<>();
    for (int x = 0; x < loss.getWidth(); x++) {
      for (int y = 0; y < loss.getHeight(); y++) {
        colors.add(loss.getRGB(x, y));
      }
    }
    assertTrue(colors.size() > 4, "colours of a chart with two lines: " + colors.size());
  }

  @Test
  void shouldSayWhereThereIsNothingToDraw() {
    final Path file = folder.resolve("picture.png");
    assertEquals("no epoch was completed", HistoryPicture.draw(file, new History()));
    assertFalse(Files.exists(file));
  }
}
