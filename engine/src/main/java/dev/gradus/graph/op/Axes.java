package dev.gradus.graph.op;

import dev.gradus.memory.GradusException;
import dev.gradus.memory.Shape;

/** Dimensions of shapes that ops change; {@link Shape#BATCH} passes through. */
final class Axes {
  private Axes() {}

  /** Refuses an axis that a shape lacks, or that is its batch. */
  static void require(final String op, final Shape shape, final int axis) {
    final int first = shape.isBatched() ? 1 : 0;
    if (axis < first || axis >= shape.rank()) {
      throw GradusException.outOfRange(
          "axis of " + op + " of " + shape, first + " to " + (shape.rank() - 1), axis);
    }
  }

  /** A shape with one dimension replaced. */
  static Shape with(final Shape shape, final int axis, final int size) {
    final int first = shape.isBatched() ? 1 : 0;
    final int[] dims = new int[shape.rank() - first];
    for (int i = 0; i < dims.length; i++) {
      dims[i] = i + first == axis ? size : shape.dim(i + first);
    }
    return first == 1 ? Shape.batched(dims) : Shape.of(dims);
  }

  /** A shape without one of its dimensions. */
  static Shape without(final Shape shape, final int axis) {
    final int first = shape.isBatched() ? 1 : 0;
    final int[] dims = new int[shape.rank() - first - 1];
    for (int i = 0; i < dims.length; i++) {
      dims[i] = shape.dim(i + first < axis ? i + first : i + first + 1);
    }
    return first == 1 ? Shape.batched(dims) : Shape.of(dims);
  }

  /** The product of the dimensions before an axis, for a batch of {@code rows}. */
  static long before(final Shape shape, final int axis, final int rows) {
    long count = 1;
    for (int i = 0; i < axis; i++) {
      count *= shape.dim(i) == Shape.BATCH ? rows : shape.dim(i);
    }
    return count;
  }

  /** The product of the dimensions behind an axis that is not the batch. */
  static long behind(final Shape shape, final int axis) {
    long count = 1;
    for (int i = axis + 1; i < shape.rank(); i++) {
      count *= shape.dim(i);
    }
    return count;
  }
}
