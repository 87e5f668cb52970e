package dev.gradus.graph.op;

import dev.gradus.memory.Shape;
import dev.gradus.parallel.WorkerTeam;

/** A range step whose units are the vectors of a tensor's last dimension. */
abstract class RowStep extends RangeStep {
  final int columns;
  private final Shape shape;

  RowStep(final WorkerTeam team, final Shape shape) {
    super(team);
    this.shape = shape;
    this.columns = shape.last();
  }

  /** The address of a row of a tensor of this shape. */
  final long at(final long address, final long row) {
    return address + row * columns * Float.BYTES;
  }

  @Override
  protected final long units(final int rows) {
    return shape.vectors(rows);
  }

  @Override
  protected final long floatsPerUnit(final int rows) {
    return columns;
  }
}
