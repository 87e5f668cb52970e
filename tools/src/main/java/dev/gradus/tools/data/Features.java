package dev.gradus.tools.data;

import dev.gradus.data.Table;
import dev.gradus.memory.Shape;
import java.util.Collections;
import java.util.List;

/** Features as they came, (rows, width). */
public sealed interface Features extends Table {
  /** Values of a row. */
  default int width() {
    return Math.toIntExact(row().rowElements());
  }

  /** The shape of a batch of rows: {@code [N,8]} of a table, {@code [N,1,28,28]} of images. */
  Shape row();

  @Override
  default int columns() {
    return width();
  }

  @Override
  default List<String> texts(final int column) {
    return null;
  }

  /** The columns' names; none where the file has none. */
  List<String> names();

  /** Images, a byte for each pixel. */
  final class Pixels implements Features {
    private final byte[] values;
    private final int rows;
    private final Shape row;
    private final int width;

    /**
     * Takes over an array.
     *
     * @param values 0 to 255, (rows, channels, height, width), row-major.
     * @param row {@code [N,channels,height,width]}.
     */
    Pixels(final byte[] values, final int rows, final Shape row) {
      this.values = values;
      this.rows = rows;
      this.row = row;
      this.width = Math.toIntExact(row.rowElements());
    }

    @Override
    public int rows() {
      return rows;
    }

    @Override
    public Shape row() {
      return row;
    }

    @Override
    public double get(final int index, final int column) {
      return values[index * width + column] & 0xff;
    }

    @Override
    public List<String> names() {
      return List.of();
    }
  }

  /**
   * Columns of a table.
   *
   * @param values an array for each row.
   * @param texts of each column of categories, by their numbers in {@code values}; null for one of
   *     numbers.
   */
  record Columns(List<double[]> values, List<List<String>> texts, List<String> names)
      implements Features {
    /** Columns of numbers without names. */
    static Columns ofNumbers(final List<double[]> values, final int width) {
      return new Columns(values, Collections.nCopies(width, null), List.of());
    }

    @Override
    public int width() {
      return texts.size();
    }

    @Override
    public List<String> texts(final int column) {
      return texts.get(column);
    }

    @Override
    public int rows() {
      return values.size();
    }

    @Override
    public Shape row() {
      return Shape.batched(width());
    }

    @Override
    public double get(final int row, final int column) {
      return values.get(row)[column];
    }
  }
}
