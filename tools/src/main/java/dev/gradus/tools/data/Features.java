package dev.gradus.tools.data;

import java.util.List;

/** Unscaled features, (rows, width). */
public sealed interface Features {
  int rows();

  int width();

  /** The value at a row and column, both from 0. */
  double get(int row, int column);

  /** The columns' names; none where the file has none. */
  List<String> names();

  /** Images, a byte for each pixel. */
  final class Pixels implements Features {
    private final byte[] values;
    private final int rows;
    private final int width;

    /**
     * Takes over an array.
     *
     * @param values 0 to 255, (rows, width), row-major.
     */
    Pixels(final byte[] values, final int rows, final int width) {
      this.values = values;
      this.rows = rows;
      this.width = width;
    }

    @Override
    public int rows() {
      return rows;
    }

    @Override
    public int width() {
      return width;
    }

    @Override
    public double get(final int row, final int column) {
      return values[row * width + column] & 0xff;
    }

    @Override
    public List<String> names() {
      return List.of();
    }
  }

  /**
   * Numbers from a table.
   *
   * @param values an array for each row.
   */
  record Numbers(List<double[]> values, int width, List<String> names) implements Features {
    @Override
    public int rows() {
      return values.size();
    }

    @Override
    public double get(final int row, final int column) {
      return values.get(row)[column];
    }
  }
}
