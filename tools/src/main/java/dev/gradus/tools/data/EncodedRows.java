package dev.gradus.tools.data;

import dev.gradus.data.TableEncoder;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.Tensor;
import java.util.List;

/** Copies rows of features off the heap, encoded. */
public final class EncodedRows {
  private final Samples samples;
  private final TableEncoder encoder;
  private final int[][] codes; // of each column's texts; null for numbers
  private final double[] row;

  /**
   * Prepares to copy.
   *
   * @throws GradusException where the encoder is one of other columns.
   */
  public EncodedRows(final Samples samples, final TableEncoder encoder) {
    final Features features = samples.features();
    this.samples = samples;
    this.encoder = encoder;
    this.row = new double[features.width()];
    this.codes = new int[row.length][];
    if (encoder.columns() != row.length) {
      throw GradusException.mismatch(
          "features of " + samples.source(), encoder.columns(), row.length);
    }
    for (int c = 0; c < row.length; c++) {
      final List<String> texts = features.texts(c);
      if ((texts == null) != (encoder.categories(c) == null)) {
        throw GradusException.mismatch(
            "feature " + (c + 1) + " of " + samples.source(),
            texts == null ? "categories" : "numbers",
            texts == null ? "numbers" : "categories");
      }
      if (texts != null) {
        codes[c] = new int[texts.size()];
        for (int i = 0; i < codes[c].length; i++) {
          codes[c][i] = encoder.code(c, texts.get(i));
        }
      }
    }
  }

  /** Copies all rows to the rows of a tensor from {@code targetRow} on. */
  public void copyAll(final Tensor target, final int targetRow) {
    copy(0, samples.rows(), target, targetRow);
  }

  /**
   * Copies a range of rows.
   *
   * @param target (at least targetRow + count, width), float32.
   * @throws GradusException where a scaled value is not finite.
   */
  public void copy(final int firstRow, final int count, final Tensor target, final int targetRow) {
    final Features features = samples.features();
    for (int r = 0; r < count; r++) {
      for (int c = 0; c < row.length; c++) {
        final double value = features.get(firstRow + r, c);
        row[c] = codes[c] == null ? value : codes[c][(int) value];
      }
      try {
        encoder.encode(row, target, targetRow + r);
      } catch (final GradusException e) {
        throw new GradusException(
            "row " + (firstRow + r + 1) + " of " + samples.source() + ", " + e.getMessage(), e);
      }
    }
  }
}
