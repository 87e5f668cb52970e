package dev.gradus.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Floats off heap, behind and before words that nobody may write. */
final class GuardedBuffer {
  private static final int CANARY = 0xC0FFEE11;
  private static final int CANARIES = 32;

  private final MemorySegment block;
  private final long start;
  private final int count;

  /**
   * Copies values off heap.
   *
   * @param misalignment bytes past a 64-byte boundary, a multiple of 4.
   */
  GuardedBuffer(final Arena arena, final float[] values, final int misalignment) {
    this.count = values.length;
    this.start = (long) CANARIES * Integer.BYTES + misalignment;
    final long bytes = start + (long) (count + CANARIES) * Float.BYTES;
    this.block = arena.allocate(bytes, 64);
    for (long o = 0; o < bytes; o += Integer.BYTES) {
      block.set(ValueLayout.JAVA_INT, o, CANARY);
    }
    MemorySegment.copy(values, 0, block, ValueLayout.JAVA_FLOAT, start, count);
  }

  long address() {
    return block.address() + start;
  }

  /** The values now, after making sure that nothing around them has changed. */
  float[] values(final String what) {
    final long end = start + (long) count * Float.BYTES;
    for (long o = 0; o < block.byteSize(); o += Integer.BYTES) {
      if (o < start || o >= end) {
        final long at = (o - start) / Float.BYTES;
        assertEquals(CANARY, block.get(ValueLayout.JAVA_INT, o), what + " wrote at index " + at);
      }
    }
    final float[] values = new float[count];
    MemorySegment.copy(block, ValueLayout.JAVA_FLOAT, start, values, 0, count);
    return values;
  }
}
