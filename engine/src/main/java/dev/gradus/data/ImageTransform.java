package dev.gradus.data;

/**
 * A random change of an image, as part of an {@link Augmentation}. It keeps no state: all that
 * differs from image to image comes from the draws. Allocates nothing.
 */
public interface ImageTransform {
  /** Its text, as {@link Augmentations} reads it: {@code rotate(10)}. */
  String describe();

  /**
   * Checks that images of a size can be changed so.
   *
   * @throws dev.gradus.memory.GradusException where they can't.
   */
  default void requireFits(final int height, final int width) {}

  /** Changes an image. */
  void apply(Image image, Draws draws);
}
