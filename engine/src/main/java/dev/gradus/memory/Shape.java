package dev.gradus.memory;

import java.util.Arrays;

/**
 * An immutable list of dimensions, row-major. The first may be the batch dimension, which is bound
 * only when a plan runs: {@code Shape.batched(784)} prints as {@code [N,784]}.
 */
public final class Shape {
  /** Stands for the batch dimension, whose size each run gives. */
  public static final int BATCH = -1;

  private final int[] dims;

  private Shape(final int[] dims) {
    this.dims = dims;
  }

  /**
   * A shape of fixed dimensions.
   *
   * @throws GradusException where a dimension is below 1.
   */
  public static Shape of(final int... dims) {
    final int[] copy = dims.clone();
    for (final int dim : copy) {
      if (dim < 1) {
        throw GradusException.outOfRange("dimension", "1 or more", Arrays.toString(dims));
      }
    }
    return new Shape(copy);
  }

  /**
   * A shape whose first dimension is the batch, followed by the given ones.
   *
   * @throws GradusException where a dimension is below 1.
   */
  public static Shape batched(final int... rowDims) {
    final Shape row = of(rowDims);
    final int[] dims = new int[row.dims.length + 1];
    dims[0] = BATCH;
    System.arraycopy(row.dims, 0, dims, 1, row.dims.length);
    return new Shape(dims);
  }

  public int rank() {
    return dims.length;
  }

  /** The dimension at an axis, {@link #BATCH} for the batch. */
  public int dim(final int axis) {
    return dims[axis];
  }

  /** The last dimension: the number of features, classes or units. */
  public int last() {
    return dims[dims.length - 1];
  }

  public boolean isBatched() {
    return dims.length > 0 && dims[0] == BATCH;
  }

  /**
   * The number of elements when the batch holds {@code rows} rows; fixed shapes ignore {@code
   * rows}.
   *
   * @throws GradusException where they are more than a long can count.
   */
  public long elements(final int rows) {
    return product(0, rows);
  }

  /**
   * The product of all dimensions but the last, for a batch of {@code rows}: the number of vectors
   * of {@link #last()}.
   */
  public long vectors(final int rows) {
    return elements(rows) / last();
  }

  /** The product of all dimensions behind the first. */
  public long rowElements() {
    return product(1, 1);
  }

  private long product(final int firstAxis, final int rows) {
    long count = 1;
    for (int axis = firstAxis; axis < dims.length; axis++) {
      final int dim = dims[axis] == BATCH ? rows : dims[axis];
      if (count > Long.MAX_VALUE / Math.max(1, dim)) {
        throw GradusException.outOfRange("elements of " + this, "below 2^63", "more");
      }
      count *= dim;
    }
    return count;
  }

  /** This shape with the batch dimension fixed. */
  public Shape at(final int rows) {
    if (!isBatched()) {
      return this;
    }
    final int[] fixed = dims.clone();
    fixed[0] = rows;
    return of(fixed);
  }

  /**
   * This shape with its last dimension replaced.
   *
   * @throws GradusException where the new one is below 1.
   */
  public Shape withLast(final int last) {
    if (last < 1) {
      throw GradusException.outOfRange("dimension", "1 or more", last);
    }
    final int[] changed = dims.clone();
    changed[changed.length - 1] = last;
    return new Shape(changed);
  }

  /**
   * This shape with one more dimension behind its last.
   *
   * @throws GradusException where that is below 1.
   */
  public Shape withAppended(final int last) {
    return new Shape(Arrays.copyOf(dims, dims.length + 1)).withLast(last);
  }

  /** This shape without its last dimension. */
  public Shape withoutLast() {
    return new Shape(Arrays.copyOf(dims, dims.length - 1));
  }

  @Override
  public boolean equals(final Object other) {
    return other instanceof Shape shape && Arrays.equals(dims, shape.dims);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(dims);
  }

  @Override
  public String toString() {
    final StringBuilder text = new StringBuilder("[");
    for (int axis = 0; axis < dims.length; axis++) {
      text.append(axis == 0 ? "" : ",")
          .append(dims[axis] == BATCH ? "N" : Integer.toString(dims[axis]));
    }
    return text.append(']').toString();
  }
}
