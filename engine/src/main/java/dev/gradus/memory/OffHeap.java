package dev.gradus.memory;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Raw access by address, for code that runs while the slab is acquired. All of it goes through one
 * constant segment over the whole address space: its bounds checks fold away, and no heap segment
 * can ever reach these call sites and spoil the type profile that the vector code depends on.
 */
public final class OffHeap {
  /** The whole address space; an offset into it is an address. */
  @SuppressWarnings("restricted") // kernels check no bounds: the plan checked the shapes
  public static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

  private OffHeap() {}

  public static float getFloat(final long address) {
    return ALL.get(ValueLayout.JAVA_FLOAT_UNALIGNED, address);
  }

  public static void setFloat(final long address, final float value) {
    ALL.set(ValueLayout.JAVA_FLOAT_UNALIGNED, address, value);
  }

  public static int getInt(final long address) {
    return ALL.get(ValueLayout.JAVA_INT_UNALIGNED, address);
  }

  public static void setInt(final long address, final int value) {
    ALL.set(ValueLayout.JAVA_INT_UNALIGNED, address, value);
  }

  /** Copies bytes between ranges that don't overlap. */
  public static void copy(final long source, final long target, final long bytes) {
    MemorySegment.copy(ALL, source, ALL, target, bytes);
  }
}
