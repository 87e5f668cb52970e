package dev.gradus.graph.op;

import dev.gradus.graph.Backend;
import dev.gradus.kernel.Fill;
import dev.gradus.memory.OffHeap;
import dev.gradus.memory.Shape;

/** Moves whole vectors of sequences (N,T,features), one sequence after the other. */
abstract class SequenceCopy extends RangeStep {
  final int steps;
  final int features;
  private final Shape shape;
  private final Fill fill;

  SequenceCopy(final Backend backend, final Shape sequences) {
    super(backend.team());
    this.shape = sequences;
    this.steps = sequences.dim(1);
    this.features = sequences.last();
    this.fill = Fill.of(backend.mode());
  }

  /** Does one sequence. */
  abstract void sequence(long row);

  /** The address of a step's vector in a tensor (N,T,features). */
  final long at(final long tensor, final long row, final long step) {
    return vector(tensor, row * steps + step);
  }

  /** The address of a vector in a tensor (...,features). */
  final long vector(final long tensor, final long index) {
    return tensor + index * features * Float.BYTES;
  }

  final void copy(final long source, final long target) {
    OffHeap.copy(source, target, (long) features * Float.BYTES);
  }

  final void zero(final long target, final long vectors) {
    fill.run(target, 0f, vectors * features);
  }

  @Override
  protected final long units(final int rows) {
    return shape.elements(rows) / shape.rowElements();
  }

  @Override
  protected final long floatsPerUnit(final int rows) {
    return shape.rowElements();
  }

  @Override
  protected final void range(final long from, final long to, final int rows) {
    for (long row = from; row < to; row++) {
      sequence(row);
    }
  }
}
