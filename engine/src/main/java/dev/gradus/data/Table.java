package dev.gradus.data;

import java.util.List;

/** Rows of columns as they came, before a {@link TableEncoder} makes a network's input of them. */
public interface Table {
  int rows();

  int columns();

  /**
   * The value at a row and column, both from 0: a number, or in a column of categories the place of
   * its text in {@link #texts}.
   */
  double get(int row, int column);

  /**
   * The texts that occur in a column of categories, each once, the empty text for a value that is
   * missing; null for a column of numbers.
   */
  List<String> texts(int column);
}
