package dev.gradus.graph.op;

import dev.gradus.graph.Backend;
import dev.gradus.kernel.Moments;
import dev.gradus.kernel.Standardize;
import dev.gradus.kernel.StandardizeColumns;
import dev.gradus.memory.OffHeap;
import dev.gradus.memory.Shape;

/**
 * A range step whose units are the channels of (N,channels,...), each of them wholly on one thread.
 * Where no dimension follows the channels, they are the columns of a matrix; else each is a stretch
 * of memory in every row.
 */
abstract class ChannelStep extends RangeStep {
  final int channels;

  /** Elements of a channel in a row. */
  final long inner;

  final Moments moments;
  final Standardize stretches;
  final StandardizeColumns columns;

  private final Shape shape;

  ChannelStep(final Backend backend, final Shape shape) {
    super(backend.team());
    this.shape = shape;
    this.channels = shape.dim(1);
    this.inner = inner(shape);
    this.moments = Moments.of(backend.mode());
    this.stretches = Standardize.of(backend.mode());
    this.columns = StandardizeColumns.of(backend.mode());
  }

  /** The product of the dimensions behind the second. */
  static long inner(final Shape shape) {
    long inner = 1;
    for (int axis = 2; axis < shape.rank(); axis++) {
      inner *= shape.dim(axis);
    }
    return inner;
  }

  final boolean isMatrix() {
    return inner == 1;
  }

  /** Rows of the whole tensor in a run. */
  final long outer(final int rows) {
    return shape.elements(rows) / (channels * inner);
  }

  /** The address of a channel in a row. */
  final long at(final long address, final long row, final long channel) {
    return address + (row * channels + channel) * inner * Float.BYTES;
  }

  /** Bytes from a channel in one row to the same in the next. */
  final long rowBytes() {
    return channels * inner * Float.BYTES;
  }

  static float get(final long vector, final long channel) {
    return OffHeap.getFloat(vector + channel * Float.BYTES);
  }

  static void set(final long vector, final long channel, final double value) {
    OffHeap.setFloat(vector + channel * Float.BYTES, (float) value);
  }

  @Override
  protected final long units(final int rows) {
    return channels;
  }

  @Override
  protected final long floatsPerUnit(final int rows) {
    return outer(rows) * inner;
  }

  @Override
  protected final int chunkMultiple() {
    return isMatrix() ? super.chunkMultiple() : 1;
  }
}
