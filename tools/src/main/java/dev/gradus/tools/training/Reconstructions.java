package dev.gradus.tools.training;

import dev.gradus.data.Batches;
import dev.gradus.memory.Shape;
import dev.gradus.memory.Tensor;
import dev.gradus.plan.EvaluatePlan;
import dev.gradus.tools.data.TrainingSet;
import dev.gradus.tools.report.ImageGrid;
import java.nio.file.Path;

/** Images of the test part, and what an autoencoder made of each. */
final class Reconstructions {
  private static final int COLUMNS = 10;
  private static final int PAIRS = 5;

  private Reconstructions() {}

  /** Where they are drawn, beside the picture of the training. */
  static Path beside(final Path picture) {
    final String name = picture.getFileName().toString();
    return picture.resolveSibling(
        name.substring(0, name.lastIndexOf('.')) + "-reconstructions.png");
  }

  /**
   * Draws rows of images, each row over its reconstructions.
   *
   * @param plan of the autoencoder, with room for all of them.
   * @param row shape of a batch of images, [N,1,height,width].
   */
  static void draw(
      final Path file, final EvaluatePlan plan, final TrainingSet set, final Shape row) {
    final int[] test = set.partition().test();
    final Batches batches =
        Scores.batches(set.data(), test.length > 0 ? test : set.partition().training());
    batches.startEpoch(0);
    final int rows = batches.next(plan.input(), plan.target());
    plan.run(rows);
    final int pixels = Math.toIntExact(row.rowElements());
    final int shown = Math.min(rows / COLUMNS, PAIRS) * COLUMNS;
    final float[][] images = new float[2 * shown][pixels];
    for (int i = 0; i < shown; i++) {
      final int at = i / COLUMNS * 2 * COLUMNS + i % COLUMNS;
      copy(plan.target(), i, images[at]);
      copy(plan.output(), i, images[at + COLUMNS]);
    }
    ImageGrid.write(file, images, row.dim(2), row.dim(3), COLUMNS);
  }

  private static void copy(final Tensor batch, final int row, final float[] image) {
    for (int i = 0; i < image.length; i++) {
      image[i] = batch.get((long) row * image.length + i);
    }
  }
}
