package dev.gradus.kernel;

import dev.gradus.memory.OffHeap;

/**
 * A kernel whose long ranges go in pieces, each read in one stream before. For kernels of so many
 * instructions a vector that a core sees only the next few loads, and waits for each of them where
 * elements come from memory.
 */
final class FetchFirst implements UnaryKernel {
  /** Of one piece: 16 KiB, so that it and its results stay in a first-level cache. */
  private static final long PIECE = 4096;

  /** Ranges of up to 1 MiB are taken to be in the second-level cache. */
  private static final long IN_CACHE = 1 << 18;

  private final UnaryKernel kernel;

  @SuppressWarnings("unused")
  private int fetched; // so that C2 does not leave the reading out

  FetchFirst(final UnaryKernel kernel) {
    this.kernel = kernel;
  }

  @Override
  public void run(final long x, final long y, final long count) {
    if (count <= IN_CACHE) {
      kernel.run(x, y, count);
      return;
    }
    for (long i = 0; i < count; i += PIECE) {
      final long at = i * Float.BYTES;
      final long piece = Math.min(PIECE, count - i);
      fetched = OffHeap.fetch(x + at, piece * Float.BYTES);
      kernel.run(x + at, y + at, piece);
    }
  }
}
