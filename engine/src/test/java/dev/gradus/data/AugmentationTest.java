package dev.gradus.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.gradus.memory.GradusException;
import dev.gradus.memory.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Texts and settings of augmentations. */
final class AugmentationTest {
  private static final Shape SMALL = Shape.batched(1, 4, 6);

  @Test
  void shouldReadWhatItDescribes() {
    final String text =
        "shift(2) rotate(10.0) scale(0.1) flip(0.5) vertical_flip(0.25) noise(0.05) cutout(8)"
            + " mixup(0.2)";
    assertEquals(text, Augmentations.parse(text).describe());
    assertEquals("flip(0.5) mixup(0.2)", Augmentations.parse(" flip  mixup ").describe());
    assertEquals("flip(0.5)", Augmentations.parse("flip()").describe());
    assertEquals(
        Augmentation.of(new Shift(2), new Flip(0.5, true)).withMixup(1),
        Augmentations.parse("shift( 2 ) vertical_flip mixup(1)"));
  }

  @Test
  void shouldRefuseTextItCannotRead() {
    assertMessage(
        "unknown augmentation \"rotat\": expected=one of [shift, rotate, scale, flip,"
            + " vertical_flip, noise, cutout, mixup], nearest=rotate",
        () -> Augmentations.parse("flip rotat(3)"));
    assertMessage(
        "argument of shift mismatch: expected=pixels, a number, actual=\"\"",
        () -> Augmentations.parse("shift"));
    assertMessage(
        "argument of noise mismatch: expected=deviation, a number, actual=\"1,2\"",
        () -> Augmentations.parse("noise(1,2)"));
    assertMessage(
        "argument of cutout mismatch: expected=a whole number, actual=2.5",
        () -> Augmentations.parse("cutout(2.5)"));
    assertMessage(
        "augmentation behind mixup mismatch: expected=none, actual=flip",
        () -> Augmentations.parse("mixup flip"));
  }

  @Test
  void shouldRefuseSettingsOutOfRange() {
    assertMessage("pixels of shift out of range: expected=1 or more, actual=0", () -> new Shift(0));
    assertMessage(
        "degrees of rotate out of range: expected=above 0 up to 180, actual=181.0",
        () -> new Rotate(181));
    assertMessage(
        "share of scale out of range: expected=above 0 and below 1, actual=1.0",
        () -> new Scale(1));
    assertMessage(
        "probability of flip out of range: expected=above 0 up to 1, actual=NaN",
        () -> new Flip(Double.NaN, false));
    assertMessage(
        "deviation of noise out of range: expected=a number above 0, actual=0.0",
        () -> new Noise(0));
    assertMessage(
        "size of cutout out of range: expected=1 or more, actual=-1", () -> new Cutout(-1));
    assertMessage(
        "alpha of mixup out of range: expected=a number above 0, actual=0.0",
        () -> Augmentations.parse("mixup(0)"));
  }

  @Test
  void shouldRefuseImagesItCannotChange() {
    assertMessage(
        "pixels of shift of images of 4x6 out of range: expected=1 to 3, actual=4",
        () -> Augmentation.of(new Shift(4)).requireFits(SMALL));
    assertMessage(
        "size of cutout of images of 4x6 out of range: expected=1 to 4, actual=5",
        () -> Augmentation.of(new Cutout(5)).requireFits(SMALL));
    assertMessage(
        "shape of images to augment mismatch: expected=[N,channels,height,width] or"
            + " [N,height,width], actual=[N,24]",
        () -> Augmentation.of(new Rotate(5)).requireFits(Shape.batched(24)));
  }

  private static void assertMessage(final String expected, final Executable use) {
    assertEquals(expected, assertThrows(GradusException.class, use).getMessage());
  }
}
