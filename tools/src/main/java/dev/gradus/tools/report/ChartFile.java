package dev.gradus.tools.report;

import dev.gradus.memory.GradusException;
import java.awt.AWTError;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import javax.imageio.ImageIO;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;

/** Charts, one below the other, as a PNG. */
final class ChartFile {
  private ChartFile() {}

  /**
   * Makes charts and writes them, whole or not at all.
   *
   * @return null where they were drawn, else the reason why this machine can't draw, in one line.
   * @throws GradusException where the file can't be written.
   */
  static String draw(final Path file, final Supplier<List<XYChart>> charts) {
    try {
      // The cache would be a file and, where the run was interrupted, a shutdown hook too late.
      ImageIO.setUseCache(false);
      final List<XYChart> made = charts.get();
      AtomicFile.write(
          file,
          out ->
              BitmapEncoder.saveBitmap(made, 1, made.size(), out, BitmapEncoder.BitmapFormat.PNG));
      return null;
    } catch (final GradusException e) {
      throw e;
    } catch (final RuntimeException | LinkageError | InternalError | AWTError e) {
      // No fonts, no AWT in this JDK, no native libraries it wants: each fails in its own way.
      return "this machine can't draw: " + e;
    }
  }
}
