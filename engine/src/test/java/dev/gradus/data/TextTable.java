package dev.gradus.data;

import java.util.ArrayList;
import java.util.List;

/**
 * A table written as rows with blanks between values; columns whose first value is no number are
 * texts.
 */
final class TextTable implements Table {
  private final String[][] rows;
  private final List<List<String>> texts = new ArrayList<>();

  TextTable(final String... rows) {
    this.rows = new String[rows.length][];
    for (int r = 0; r < rows.length; r++) {
      this.rows[r] = rows[r].split(" ", -1);
    }
    for (int c = 0; c < this.rows[0].length; c++) {
      final boolean number = this.rows[0][c].matches("[-0-9].*");
      texts.add(number ? null : new ArrayList<>());
      for (final String[] row : this.rows) {
        if (!number && !texts.get(c).contains(row[c])) {
          texts.get(c).add(row[c]);
        }
      }
    }
  }

  @Override
  public int rows() {
    return rows.length;
  }

  @Override
  public int columns() {
    return texts.size();
  }

  @Override
  public double get(final int row, final int column) {
    final String text = rows[row][column];
    return texts.get(column) == null ? Double.parseDouble(text) : texts.get(column).indexOf(text);
  }

  @Override
  public List<String> texts(final int column) {
    return texts.get(column);
  }
}
