package dev.gradus.tools.data;

import dev.gradus.memory.Shape;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/**
 * The handwritten digits that ship with Gradus: 1,797 images of 8x8 pixels from 0 to 16, and the
 * digit each shows.
 *
 * <p>Source: E. Alpaydin, C. Kaynak, "Optical recognition of handwritten digits", 1998, the test
 * part, as distributed by scikit-learn.
 */
final class Digits {
  /** The name users write. */
  static final String NAME = "digits";

  /** The largest value of a pixel. */
  static final double MAX_PIXEL = 16;

  private static final String RESOURCE = "/dev/gradus/tools/digits/digits.csv.gz";

  private static final int SIDE = 8;

  private Digits() {}

  private static Features images(final Features numbers) {
    final byte[] pixels = new byte[numbers.rows() * numbers.width()];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) numbers.get(i / numbers.width(), i % numbers.width());
    }
    return new Features.Pixels(pixels, numbers.rows(), Shape.batched(1, SIDE, SIDE));
  }

  static Samples read() {
    try (InputStream resource = Digits.class.getResourceAsStream(RESOURCE)) {
      if (resource == null) {
        throw new IllegalStateException("not on the class or module path: " + RESOURCE);
      }
      final Samples table =
          CsvFile.read(
              NAME,
              DataFile.unpacked(resource),
              new CsvOptions("", CsvOptions.Header.NO, ',', CsvOptions.NONE),
              CsvColumns.forTraining("", CsvOptions.NONE));
      return new Samples(
          NAME, images(table.features()), table.targets(), false, "", table.targetColumn());
    } catch (final IOException e) {
      throw new UncheckedIOException("cannot read " + RESOURCE, e);
    }
  }
}
