package dev.gradus.graph.op;

/**
 * How the gradient of a convolution's weights is cut, by shape alone: images into parts whose sums
 * are added in the end, and a part into blocks where so many sums would take too much memory.
 *
 * @param parts the most.
 * @param blocks of a group.
 */
record WeightCut(int parts, int blocks) {
  /** Enough to spread over some threads evenly. */
  private static final int PIECES = 16;

  /** 2 MiB. */
  private static final long PART_FLOATS = 1 << 19;

  /** A group has {@code most} blocks at most. */
  static WeightCut of(final ConvGeometry geometry, final int most) {
    final int parts = Math.clamp(PART_FLOATS / geometry.weights(), 1, PIECES);
    final int blocks = PIECES / parts / geometry.groups();
    return new WeightCut(parts, Math.clamp(blocks, 1, most));
  }

  /** Where a block of {@code size} starts. */
  int start(final int size, final int block) {
    return (int) ((long) size * block / blocks);
  }

  /** The parts of a run. */
  int parts(final int images) {
    return Math.min(parts, images);
  }
}
