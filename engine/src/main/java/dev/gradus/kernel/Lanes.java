package dev.gradus.kernel;

import dev.gradus.memory.OffHeap;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * The only vector species, access to memory with it, and the fixed tree of every sum along a row.
 *
 * <p>Such a sum has 16 running sums: element {@code i} goes to number {@code i mod 16}, in order.
 * At the end number {@code j} takes up {@code j + 8}, then {@code j + 4}, {@code j + 2}, {@code j +
 * 1}. Two vectors of 8 lanes, one of 16, and scalar code give the same bits; {@code
 * reduceLanes(ADD)} would not even give the same before and after compilation.
 */
public final class Lanes {
  /** float32 lanes the CPU prefers. */
  static final int PREFERRED = FloatVector.SPECIES_PREFERRED.length();

  /** 8 or 16 float32 lanes. A second species through the same code would box every vector. */
  @SuppressWarnings("exports") // for the engine's own rooms; the module's users need no Vector API
  public static final VectorSpecies<Float> F =
      PREFERRED < 8
          ? FloatVector.SPECIES_256
          : PREFERRED > 16 ? FloatVector.SPECIES_512 : FloatVector.SPECIES_PREFERRED;

  /** Lanes of a vector. */
  static final int COUNT = F.length();

  /** Bytes of a vector. */
  static final long BYTES = F.vectorByteSize();

  /** Bytes of the 16 elements that go to the 16 running sums of a row. */
  static final long BLOCK_BYTES = 16L * Float.BYTES;

  /** Whether the 16 running sums are two vectors rather than one. */
  static final boolean HALVES = COUNT == 8;

  private static final MemorySegment ALL = OffHeap.ALL;
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final VectorShuffle<Float> BY_8 = VectorShuffle.iota(F, 8, 1, true);
  private static final VectorShuffle<Float> BY_4 = VectorShuffle.iota(F, 4, 1, true);
  private static final VectorShuffle<Float> BY_2 = VectorShuffle.iota(F, 2, 1, true);
  private static final VectorShuffle<Float> BY_1 = VectorShuffle.iota(F, 1, 1, true);

  private Lanes() {}

  static FloatVector load(final long address) {
    return FloatVector.fromMemorySegment(F, ALL, address, ORDER);
  }

  /** Lanes outside the mask are 0; their memory is not touched. */
  static FloatVector load(final long address, final VectorMask<Float> mask) {
    return FloatVector.fromMemorySegment(F, ALL, address, ORDER, mask);
  }

  static void store(final FloatVector v, final long address) {
    v.intoMemorySegment(ALL, address, ORDER);
  }

  static void store(final FloatVector v, final long address, final VectorMask<Float> mask) {
    v.intoMemorySegment(ALL, address, ORDER, mask);
  }

  static FloatVector zero() {
    return FloatVector.zero(F);
  }

  static FloatVector all(final float value) {
    return FloatVector.broadcast(F, value);
  }

  /** The part of {@code bytes} that whole vectors cover. */
  static long whole(final long bytes) {
    return bytes & -BYTES;
  }

  /** The part of {@code bytes} that whole blocks of 16 elements cover. */
  static long wholeBlocks(final long bytes) {
    return bytes & -BLOCK_BYTES;
  }

  /** The lanes that hold the first {@code bytes} bytes. */
  static VectorMask<Float> first(final long bytes) {
    return F.indexInRange(0, bytes >> 2);
  }

  /**
   * The larger, lane by lane; NaN in {@code b} is passed over. Blends, as x86 maximum mistreats NaN
   * and costs more.
   */
  static FloatVector larger(final FloatVector a, final FloatVector b) {
    return a.blend(b, b.compare(VectorOperators.GT, a));
  }

  /** The largest lane of a vector without NaN. */
  static float largest(final FloatVector v) {
    FloatVector m = HALVES ? v : larger(v, v.rearrange(BY_8));
    m = larger(m, m.rearrange(BY_4));
    m = larger(m, m.rearrange(BY_2));
    m = larger(m, m.rearrange(BY_1));
    return m.lane(0);
  }

  /**
   * The sum of the 16 running sums, by the tree above.
   *
   * @param first running sums 0..7 or 0..15.
   * @param second running sums 8..15; not used where one vector holds all.
   */
  static float sum(final FloatVector first, final FloatVector second) {
    FloatVector s = first.add(HALVES ? second : first.rearrange(BY_8));
    s = s.add(s.rearrange(BY_4));
    s = s.add(s.rearrange(BY_2));
    s = s.add(s.rearrange(BY_1));
    return s.lane(0);
  }
}
