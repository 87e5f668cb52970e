package dev.gradus.data;

import dev.gradus.memory.DType;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.OffHeap;
import dev.gradus.memory.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Makes a network's input of a table's rows: first its numbers, scaled, then its categories, as
 * codes or one-hot, both in the order of the columns. Fitted to the rows of a training alone; saved
 * as text, so that rows to predict are treated alike. Immutable; {@link #code} and {@link #encode}
 * allocate nothing.
 *
 * <pre>{@code
 * row[0] = 39;
 * row[1] = encoder.code(1, "State-gov");
 * encoder.encode(row, plan.input(), 0);
 * }</pre>
 */
public final class TableEncoder {
  private final List<Categories> columns; // null for a number
  private final Scaling scaling; // of the numbers alone, in order
  private final int[] places; // where a column's first number goes
  private final int numbers;
  private final int width;

  /**
   * An encoder of given parts.
   *
   * @param columns the categories of each column; null for one of numbers.
   * @param scaling of the columns of numbers.
   * @throws GradusException where the scaling is of another number of columns, or nothing comes
   *     out.
   */
  public TableEncoder(final List<Categories> columns, final Scaling scaling) {
    this.columns = Collections.unmodifiableList(new ArrayList<>(columns));
    this.scaling = scaling;
    this.numbers = (int) columns.stream().filter(column -> column == null).count();
    scaling.requireWidth(numbers);
    this.places = new int[columns.size()];
    int number = 0;
    int end = numbers;
    for (int c = 0; c < places.length; c++) {
      final Categories categories = columns.get(c);
      places[c] = categories == null ? number++ : end;
      end += categories == null ? 0 : categories.width();
    }
    this.width = end;
    if (width == 0) {
      throw GradusException.mismatch("width of encoded rows", "1 or more", 0);
    }
  }

  /** An encoder of numbers alone. */
  public static TableEncoder ofNumbers(final int columns, final Scaling scaling) {
    return new TableEncoder(Collections.nCopies(columns, null), scaling);
  }

  /**
   * Fits an encoder to some rows of a table.
   *
   * @param rows those of the training.
   * @param leastRows see {@link Categories#fit}.
   * @param oneHot whether categories become a 0 or 1 each, instead of a code.
   */
  public static TableEncoder fit(
      final Table table,
      final int[] rows,
      final Scaling.Kind scaling,
      final int leastRows,
      final boolean oneHot) {
    final List<Categories> columns = new ArrayList<>();
    for (int c = 0; c < table.columns(); c++) {
      columns.add(
          table.texts(c) == null ? null : Categories.fit(table, c, rows, leastRows, oneHot));
    }
    return new TableEncoder(columns, Scaling.fit(scaling, table, rows));
  }

  /** The number of columns of a row as it came. */
  public int columns() {
    return places.length;
  }

  /** The number of columns of numbers, which come first in an encoded row. */
  public int numbers() {
    return numbers;
  }

  /** The number of floats of an encoded row. */
  public int width() {
    return width;
  }

  public Scaling scaling() {
    return scaling;
  }

  /** The categories of a column from 0; null for one of numbers. */
  public Categories categories(final int column) {
    return columns.get(column);
  }

  /** The number of codes of each column of categories: what {@code nn.Categorical} takes. */
  public List<Integer> sizes() {
    final List<Integer> sizes = new ArrayList<>();
    for (final Categories categories : columns) {
      if (categories != null) {
        sizes.add(categories.size());
      }
    }
    return sizes;
  }

  /**
   * What stands for a text in a row to {@link #encode}: 0 where it is none of the categories.
   *
   * @throws GradusException where the column is one of numbers.
   */
  public int code(final int column, final String text) {
    final Categories categories = columns.get(column);
    if (categories == null) {
      throw GradusException.mismatch("value of column " + (column + 1), "a number", text);
    }
    return categories.code(text);
  }

  /**
   * Writes a row.
   *
   * @param row a number or a {@link #code} for each column.
   * @param target float32 (rows, ..., {@link #width} in all).
   * @param targetRow which of its rows, from 0.
   * @throws GradusException before anything is written, where sizes don't fit, a number is not
   *     finite when scaled, or a code is none.
   */
  public void encode(final double[] row, final Tensor target, final int targetRow) {
    requireFits(row, target, targetRow);
    target.acquire();
    try {
      final long to = target.address() + (long) targetRow * width * Float.BYTES;
      for (int c = 0; c < places.length; c++) {
        final Categories categories = columns.get(c);
        final long place = to + (long) places[c] * Float.BYTES;
        if (categories == null) {
          OffHeap.setFloat(place, scaling.apply(places[c], row[c]));
        } else if (categories.isOneHot()) {
          for (int i = 0; i < categories.width(); i++) {
            OffHeap.setFloat(place + (long) i * Float.BYTES, row[c] == i + 1 ? 1 : 0);
          }
        } else {
          OffHeap.setFloat(place, (float) row[c]);
        }
      }
    } finally {
      target.release();
    }
  }

  private void requireFits(final double[] row, final Tensor target, final int targetRow) {
    if (row.length != places.length) {
      throw GradusException.mismatch("columns of a row to encode", places.length, row.length);
    }
    if (target.type().dtype() != DType.FLOAT32 || target.shape().rowElements() != width) {
      throw GradusException.mismatch(
          "tensor of encoded rows", "float32 rows of " + width, target.type());
    }
    if (targetRow < 0 || targetRow >= target.shape().dim(0)) {
      throw GradusException.outOfRange(
          "row of encoded rows", "0 to " + (target.shape().dim(0) - 1), targetRow);
    }
    for (int c = 0; c < places.length; c++) {
      final Categories categories = columns.get(c);
      if (categories == null && !Float.isFinite(scaling.apply(places[c], row[c]))) {
        throw GradusException.outOfRange(
            "feature " + (c + 1), "a number that is finite when scaled", row[c]);
      }
      if (categories != null
          && !(row[c] == (int) row[c] && row[c] >= 0 && row[c] < categories.size())) {
        throw GradusException.outOfRange(
            "code of feature " + (c + 1), "0 to " + (categories.size() - 1), row[c]);
      }
    }
  }

  /**
   * The encoder as one line that {@link #parse} reads: {@code number(38.5,0.07) codes("a","b")}.
   */
  public String describe() {
    final List<String> parts = new ArrayList<>();
    for (int c = 0; c < places.length; c++) {
      parts.add(
          columns.get(c) == null
              ? EncoderText.describe(scaling.shift(places[c]), scaling.scale(places[c]))
              : EncoderText.describe(columns.get(c)));
    }
    return String.join(" ", parts);
  }

  /**
   * Reads what {@link #describe} wrote.
   *
   * @throws GradusException where the text is no encoder.
   */
  public static TableEncoder parse(final String text) {
    return EncoderText.parse(text);
  }

  @Override
  public boolean equals(final Object other) {
    return other instanceof TableEncoder that
        && columns.equals(that.columns)
        && scaling.equals(that.scaling);
  }

  @Override
  public int hashCode() {
    return 31 * columns.hashCode() + scaling.hashCode();
  }

  @Override
  public String toString() {
    return describe();
  }
}
