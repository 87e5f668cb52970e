package dev.gradus.data;

import dev.gradus.memory.GradusException;
import dev.gradus.memory.Shape;
import java.util.List;

/**
 * Random changes of images, one after the other, and mixup behind them: {@code x = share * x1 + (1
 * - share) * x2} and the targets likewise, share from the beta distribution and x2 any of the
 * samples, changed as it is in the same epoch. {@link Augmentations#parse} reads one from text,
 * {@link Batches#augmented} applies it.
 *
 * <p>Source of mixup: Zhang, Cisse, Dauphin and Lopez-Paz, "mixup: beyond empirical risk
 * minimization", 2018.
 *
 * @param mixup both parameters of the beta distribution, above 0, usually 0.1 to 1; 0 for no mixup.
 */
public record Augmentation(List<ImageTransform> transforms, double mixup) {
  public Augmentation {
    transforms = List.copyOf(transforms);
    if (!(mixup >= 0 && mixup < Double.POSITIVE_INFINITY)) {
      throw GradusException.outOfRange("alpha of mixup", "a number above 0", mixup);
    }
  }

  /** Changes without mixup. */
  public static Augmentation of(final ImageTransform... transforms) {
    return new Augmentation(List.of(transforms), 0);
  }

  /** The same with mixup. */
  public Augmentation withMixup(final double alpha) {
    if (!(alpha > 0)) {
      throw GradusException.outOfRange("alpha of mixup", "a number above 0", alpha);
    }
    return new Augmentation(transforms, alpha);
  }

  /** Whether samples are mixed, and so targets must be floats. */
  public boolean mixes() {
    return mixup > 0;
  }

  /** The text that {@link Augmentations#parse} reads. */
  public String describe() {
    final StringBuilder text = new StringBuilder();
    for (final ImageTransform transform : transforms) {
      text.append(text.isEmpty() ? "" : " ").append(transform.describe());
    }
    if (mixes()) {
      text.append(text.isEmpty() ? "" : " ").append("mixup(").append(mixup).append(')');
    }
    return text.toString();
  }

  /**
   * Checks that rows are images that can be changed so.
   *
   * @param image {@code [N,channels,height,width]} or {@code [N,height,width]}.
   */
  public void requireFits(final Shape image) {
    if (!image.isBatched() || image.rank() < 3 || image.rank() > 4) {
      throw GradusException.mismatch(
          "shape of images to augment", "[N,channels,height,width] or [N,height,width]", image);
    }
    for (final ImageTransform transform : transforms) {
      transform.requireFits(image.dim(image.rank() - 2), image.last());
    }
  }
}
