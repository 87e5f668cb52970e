package dev.gradus.kernel;

/**
 * A kernel whose long ranges go in small pieces, with the lines of one further on brought into the
 * cache meanwhile. For kernels of so many instructions a vector that a core sees only the next few
 * loads, and waits for each of them where elements come from memory.
 */
final class Prefetched implements UnaryKernel {
  /** Eight lines. */
  private static final long PIECE_BYTES = 512;

  private static final long AHEAD_BYTES = 4 * PIECE_BYTES;

  private final UnaryKernel kernel;

  Prefetched(final UnaryKernel kernel) {
    this.kernel = kernel;
  }

  @Override
  public void run(final long x, final long y, final long count) {
    final long bytes = count * Float.BYTES;
    if (bytes <= Prefetch.IN_CACHE) {
      kernel.run(x, y, count);
      return;
    }
    for (long at = 0; at < bytes; at += PIECE_BYTES) {
      final long ahead = at + AHEAD_BYTES;
      Prefetch.lines(x + ahead, x + Math.min(ahead + PIECE_BYTES, bytes));
      kernel.run(x + at, y + at, Math.min(PIECE_BYTES, bytes - at) / Float.BYTES);
    }
  }
}
