package dev.gradus.graph.op;

import dev.gradus.memory.Shape;
import dev.gradus.parallel.WorkerTeam;

/** A range step whose units are the planes of images (N, channels, height, width). */
abstract class PlaneStep extends RangeStep {
  private final Shape images;
  private final long plane;

  /**
   * For images of a shape.
   *
   * @param images the larger of input and output.
   */
  PlaneStep(final WorkerTeam team, final Shape images) {
    super(team);
    this.images = images;
    this.plane = AddChannelBias.plane(images);
  }

  @Override
  protected final long units(final int rows) {
    return images.elements(rows) / plane;
  }

  @Override
  protected final long floatsPerUnit(final int rows) {
    return plane;
  }

  @Override
  protected final void range(final long from, final long to, final int rows) {
    for (long plane = from; plane < to; plane++) {
      plane(plane);
    }
  }

  /** Computes one plane, counted over all images. */
  abstract void plane(long index);

  /** Bytes of a plane of images of a shape. */
  static long bytes(final Shape shape) {
    return AddChannelBias.plane(shape) * Float.BYTES;
  }
}
