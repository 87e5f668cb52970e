package dev.gradus.tests;

import dev.gradus.memory.DType;
import dev.gradus.memory.Slab;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Four-byte elements between guard zones. Guards and fresh content are NaNs of a pattern of this
 * buffer's own, which no computation makes, not even from another buffer's: reading too far spoils
 * results, writing too far spoils the pattern. 64-byte aligned, as steps are promised.
 */
final class GuardedBuffer {
  /** The bits of a quiet NaN; the buffer's tag is added. */
  private static final int POISON = 0x7FC0_DE00;

  private static final long GUARD_ELEMENTS = 4 * Slab.ALIGNMENT / DType.BYTES;

  private final MemorySegment whole;
  private final long elements;
  private final int poison;

  /**
   * A buffer full of poison.
   *
   * @param tag 0 to 255, another one for each buffer.
   */
  GuardedBuffer(final Arena arena, final long elements, final int tag) {
    this.elements = elements;
    this.poison = POISON + tag;
    this.whole = arena.allocate((elements + 2 * GUARD_ELEMENTS) * DType.BYTES, Slab.ALIGNMENT);
    for (long i = -GUARD_ELEMENTS; i < elements + GUARD_ELEMENTS; i++) {
      setBits(i, poison);
    }
  }

  /** The address of the first element. */
  long address() {
    return whole.address() + GUARD_ELEMENTS * DType.BYTES;
  }

  long elements() {
    return elements;
  }

  int bitsAt(final long index) {
    return whole.getAtIndex(ValueLayout.JAVA_INT, GUARD_ELEMENTS + index);
  }

  void setBits(final long index, final int bits) {
    whole.setAtIndex(ValueLayout.JAVA_INT, GUARD_ELEMENTS + index, bits);
  }

  /** Writes values into the first elements. */
  void write(final DType dtype, final double[] values) {
    for (int i = 0; i < values.length; i++) {
      setBits(
          i, dtype == DType.INT32 ? (int) values[i] : Float.floatToRawIntBits((float) values[i]));
    }
  }

  /** The first elements as bits. */
  int[] bits(final int count) {
    final int[] bits = new int[count];
    for (int i = 0; i < count; i++) {
      bits[i] = bitsAt(i);
    }
    return bits;
  }

  /** The position of a guard element that was overwritten, or null. */
  Long brokenGuard() {
    for (long i = 0; i < GUARD_ELEMENTS; i++) {
      if (bitsAt(-1 - i) != poison) {
        return -1 - i;
      }
      if (bitsAt(elements + i) != poison) {
        return elements + i;
      }
    }
    return null;
  }
}
