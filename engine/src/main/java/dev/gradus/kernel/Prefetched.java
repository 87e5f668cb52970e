package dev.gradus.kernel;

import dev.gradus.memory.OffHeap;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/**
 * A kernel whose long ranges go in small pieces, with the lines of one further on brought into the
 * cache meanwhile. For kernels of so many instructions a vector that a core sees only the next few
 * loads, and waits for each of them where elements come from memory.
 *
 * <p>Java has no prefetch instruction. A store whose mask has no lane set writes nothing and faults
 * nowhere, but it fetches its line, and no instruction behind it waits for that. The line comes as
 * if to be written, so this is for what no other thread reads at the time.
 */
final class Prefetched implements UnaryKernel {
  private static final VectorSpecies<Float> F = Lanes.F;
  private static final MemorySegment ALL = OffHeap.ALL;
  private static final ByteOrder ORDER = Lanes.ORDER;
  private static final VectorMask<Float> NO_LANE =
      VectorMask.fromArray(F, new boolean[Lanes.COUNT], 0);

  private static final long LINE = 64;

  /** Elements of one piece: eight lines, few enough for the stores that a core keeps waiting. */
  private static final long PIECE = 128;

  /** How much further on: 2 KiB. */
  private static final long AHEAD = 4 * PIECE * Float.BYTES;

  /** Ranges of up to 1 MiB are taken to be in the second-level cache. */
  private static final long IN_CACHE = 1 << 18;

  private final UnaryKernel kernel;

  Prefetched(final UnaryKernel kernel) {
    this.kernel = kernel;
  }

  @Override
  public void run(final long x, final long y, final long count) {
    if (count <= IN_CACHE) {
      kernel.run(x, y, count);
      return;
    }
    final long end = x + count * Float.BYTES;
    for (long i = 0; i < count; i += PIECE) {
      final long at = i * Float.BYTES;
      prefetch(x + at + AHEAD, Math.min(x + at + AHEAD + PIECE * Float.BYTES, end));
      kernel.run(x + at, y + at, Math.min(PIECE, count - i));
    }
  }

  private static void prefetch(final long from, final long to) {
    final FloatVector none = FloatVector.zero(F);
    for (long line = from; line < to; line += LINE) {
      none.intoMemorySegment(ALL, line, ORDER, NO_LANE);
    }
  }
}
