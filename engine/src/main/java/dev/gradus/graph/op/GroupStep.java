package dev.gradus.graph.op;

import dev.gradus.graph.Backend;
import dev.gradus.kernel.Moments;
import dev.gradus.kernel.Standardize;
import dev.gradus.memory.Shape;

/** A range step whose units are the groups of a {@link GroupNorm}. */
abstract class GroupStep extends RangeStep {
  final int groups;

  /** Elements of a group. */
  final long length;

  /** Channels of a group: elements of the scale that concern it. */
  final long channels;

  /** Elements of a channel. */
  final long inner;

  final Moments moments;
  final Standardize stretches;

  private final Shape shape;

  GroupStep(final Backend backend, final GroupNorm op, final Shape shape, final Shape scale) {
    super(backend.team());
    long block = 1;
    for (int axis = 0; axis < op.axes(); axis++) {
      block *= shape.dim(shape.rank() - 1 - axis);
    }
    this.shape = shape;
    this.groups = op.groups();
    this.length = block / groups;
    this.channels = scale.elements(1) / groups;
    this.inner = length / channels;
    this.moments = Moments.of(backend.mode());
    this.stretches = Standardize.of(backend.mode());
  }

  /** The first channel of a group. */
  final long firstChannel(final long group) {
    return group % groups * channels;
  }

  @Override
  protected final long units(final int rows) {
    return shape.elements(rows) / length;
  }

  @Override
  protected final long floatsPerUnit(final int rows) {
    return length;
  }

  @Override
  protected final int chunkMultiple() {
    return 1; // a group's statistics are few beside its elements
  }
}
