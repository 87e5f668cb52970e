package dev.gradus.kernel;

import dev.gradus.memory.OffHeap;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The factors of inverted dropout: 0 with probability {@code rate}, else {@code 1 / (1 - rate)}, so
 * that the mean is 1.
 *
 * <p>Element {@code i} drops where its word of 32 random bits, less the lowest 8, is below {@code
 * rate * 2^24}. Words are those of {@link Philox}; 32 elements share blocks {@code i / 32 * 8} to
 * {@code i / 32 * 8 + 7}. The first 16 have words 0 and 1 of each block in turn, the others words 2
 * and 3, which is how a register holds them: no word has to move.
 */
public abstract class DropoutMask {
  /** Elements whose words come from the same blocks; ranges begin at multiples of it. */
  public static final int GROUP = 32;

  private static final int BLOCKS = GROUP / 4;
  private static final int HALF = GROUP / 2;
  private static final int DROPPED_BITS = 8;

  private final int threshold;
  private final float kept;

  private DropoutMask(final double rate) {
    this.threshold = (int) Math.rint(rate * (1 << (Integer.SIZE - DROPPED_BITS)));
    this.kept = (float) (1 / (1 - rate));
  }

  /**
   * The kernel of a mode.
   *
   * @param rate above 0 and below 1.
   */
  public static DropoutMask of(final KernelMode mode, final double rate) {
    return mode == KernelMode.VECTOR ? new Vector(rate) : new Scalar(rate);
  }

  /**
   * Writes the factors of elements {@code from} to {@code to}.
   *
   * @param out address of element 0.
   * @param from a multiple of {@link #GROUP}.
   */
  public final void run(
      final long seed, final long stream, final long out, final long from, final long to) {
    final long whole = from + (to - from) / GROUP * GROUP;
    groups(seed, stream, out, from / GROUP, whole / GROUP);
    for (long i = whole; i < to; i++) {
      OffHeap.setFloat(out + i * Float.BYTES, factor(seed, stream, i));
    }
  }

  /** The factor of element {@code i}. */
  public final float factor(final long seed, final long stream, final long i) {
    final long inGroup = i % GROUP;
    final long block = i / GROUP * BLOCKS + inGroup % HALF / 2;
    final long pair = Philox.words(seed, stream, block, inGroup >= HALF);
    return factor((int) ((i & 1) == 0 ? pair : pair >>> Integer.SIZE));
  }

  final float factor(final int word) {
    return word >>> DROPPED_BITS < threshold ? 0 : kept;
  }

  abstract void groups(long seed, long stream, long out, long from, long to);

  private static final class Vector extends DropoutMask {
    private static final VectorSpecies<Long> L = Lanes.L;
    private static final MemorySegment ALL = OffHeap.ALL;
    private static final ByteOrder ORDER = Lanes.ORDER;
    private static final long WORD = 0xFFFFFFFFL;

    private final int highestDropped;
    private final int keptBits;

    Vector(final double rate) {
      super(rate);
      this.highestDropped = super.threshold - 1;
      this.keptBits = Float.floatToRawIntBits(super.kept);
    }

    @Override
    void groups(
        final long seed, final long stream, final long out, final long from, final long to) {
      final long groupBytes = GROUP * (long) Float.BYTES;
      for (long group = from; group < to; group++) {
        for (int block = 0; block < BLOCKS; block += L.length()) {
          final long first = group * BLOCKS + block;
          final long at = out + group * groupBytes + 2L * block * Float.BYTES;
          blocks(seed, stream, first, at, highestDropped, keptBits);
        }
      }
    }

    /** A register of blocks: two registers of factors, half a group apart. */
    private static void blocks(
        final long seed,
        final long stream,
        final long first,
        final long at,
        final int highestDropped,
        final int keptBits) {
      long key0 = seed & WORD;
      long key1 = seed >>> Integer.SIZE;
      LongVector c0 = LongVector.broadcast(L, first & WORD).addIndex(1);
      LongVector c1 = LongVector.broadcast(L, first >>> Integer.SIZE);
      LongVector c2 = LongVector.broadcast(L, stream & WORD);
      LongVector c3 = LongVector.broadcast(L, stream >>> Integer.SIZE);
      for (int round = 0; round < Philox.ROUNDS; round++) {
        final LongVector product0 = c0.and(WORD).mul(Philox.MULTIPLIER_0);
        final LongVector product1 = c2.and(WORD).mul(Philox.MULTIPLIER_1);
        c0 =
            product1.lanewise(VectorOperators.LSHR, Integer.SIZE).lanewise(VectorOperators.XOR, c1);
        c0 = c0.lanewise(VectorOperators.XOR, key0);
        c1 = product1.and(WORD);
        c2 =
            product0.lanewise(VectorOperators.LSHR, Integer.SIZE).lanewise(VectorOperators.XOR, c3);
        c2 = c2.lanewise(VectorOperators.XOR, key1);
        c3 = product0.and(WORD);
        key0 = (key0 + Philox.WEYL_0) & WORD;
        key1 = (key1 + Philox.WEYL_1) & WORD;
      }
      final IntVector low =
          c1.lanewise(VectorOperators.LSHL, Integer.SIZE).or(c0).reinterpretAsInts();
      final IntVector high =
          c3.lanewise(VectorOperators.LSHL, Integer.SIZE).or(c2).reinterpretAsInts();
      // All bits of a lane are set where (highestDropped - word) is negative: where it is kept.
      low.lanewise(VectorOperators.LSHR, DROPPED_BITS)
          .neg()
          .add(highestDropped)
          .lanewise(VectorOperators.ASHR, Integer.SIZE - 1)
          .and(keptBits)
          .intoMemorySegment(ALL, at, ORDER);
      high.lanewise(VectorOperators.LSHR, DROPPED_BITS)
          .neg()
          .add(highestDropped)
          .lanewise(VectorOperators.ASHR, Integer.SIZE - 1)
          .and(keptBits)
          .intoMemorySegment(ALL, at + HALF * (long) Float.BYTES, ORDER);
    }
  }

  private static final class Scalar extends DropoutMask {
    Scalar(final double rate) {
      super(rate);
    }

    @Override
    void groups(
        final long seed, final long stream, final long out, final long from, final long to) {
      for (long block = from * BLOCKS; block < to * BLOCKS; block++) {
        final long at = out + (block / BLOCKS * GROUP + block % BLOCKS * 2) * Float.BYTES;
        pair(Philox.words(seed, stream, block, false), at);
        pair(Philox.words(seed, stream, block, true), at + HALF * (long) Float.BYTES);
      }
    }

    private void pair(final long words, final long at) {
      OffHeap.setFloat(at, factor((int) words));
      OffHeap.setFloat(at + Float.BYTES, factor((int) (words >>> Integer.SIZE)));
    }
  }
}
