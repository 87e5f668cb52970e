package dev.gradus.kernel;

import dev.gradus.memory.OffHeap;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/**
 * Brings lines into the cache before they are needed. Java has no prefetch instruction. A store
 * whose mask has no lane set writes nothing and faults nowhere, but it fetches its line, and no
 * instruction behind it waits for that.
 *
 * <p>Lines come as if to be written, so this is for what no other thread reads at the time. A core
 * keeps some 60 stores waiting: more at once stop it after all.
 */
final class Prefetch {
  /** Operands of so many bytes are taken to be in the second-level cache. */
  static final long IN_CACHE = 1 << 20;

  private static final VectorSpecies<Float> F = Lanes.F;
  private static final MemorySegment ALL = OffHeap.ALL;
  private static final ByteOrder ORDER = Lanes.ORDER;
  private static final VectorMask<Float> NO_LANE =
      VectorMask.fromArray(F, new boolean[Lanes.COUNT], 0);
  private static final long LINE = 64;

  private Prefetch() {}

  /** The lines from one address to another, none where that is not behind the first. */
  static void lines(final long from, final long to) {
    final FloatVector nothing = FloatVector.zero(F);
    for (long line = from; line < to; line += LINE) {
      nothing.intoMemorySegment(ALL, line, ORDER, NO_LANE);
    }
  }
}
