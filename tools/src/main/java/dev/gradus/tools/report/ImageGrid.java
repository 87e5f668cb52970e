package dev.gradus.tools.report;

import java.awt.image.BufferedImage;
import java.nio.file.Path;
import javax.imageio.ImageIO;

/** Grey images side by side in one picture. */
public final class ImageGrid {
  private static final int SPACE = 2;
  private static final int ENLARGED = 2;

  private ImageGrid() {}

  /**
   * Writes a picture, whole or not at all.
   *
   * @param images pixels from 0, black, to 1, (images, height * width).
   * @param columns images in a row of the picture.
   * @throws dev.gradus.memory.GradusException where the file can't be written.
   */
  public static void write(
      final Path file,
      final float[][] images,
      final int height,
      final int width,
      final int columns) {
    final int rows = (images.length + columns - 1) / columns;
    final BufferedImage picture =
        new BufferedImage(
            columns * (width + SPACE) * ENLARGED,
            rows * (height + SPACE) * ENLARGED,
            BufferedImage.TYPE_BYTE_GRAY);
    for (int y = 0; y < picture.getHeight(); y++) {
      for (int x = 0; x < picture.getWidth(); x++) {
        final int column = x / ENLARGED / (width + SPACE);
        final int row = y / ENLARGED / (height + SPACE);
        final int inX = x / ENLARGED % (width + SPACE);
        final int inY = y / ENLARGED % (height + SPACE);
        final int image = row * columns + column;
        final boolean inside = inX < width && inY < height && image < images.length;
        final float value = inside ? images[image][inY * width + inX] : 1f;
        picture.getRaster().setSample(x, y, 0, Math.round(255 * value));
      }
    }
    AtomicFile.makeFolderOf(file);
    AtomicFile.write(file, out -> ImageIO.write(picture, "png", out));
  }
}
