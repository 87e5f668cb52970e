package dev.gradus.kernel;

import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * The only vector species, one for each type of element, the order of every sum along a row, and
 * the rules of vector code.
 *
 * <p>A sum along a row has 16 running sums: of the whole blocks of 16 elements, element {@code i}
 * goes to number {@code i mod 16}. Then number {@code j} takes up number {@code j + 8}, then {@code
 * j + 4}, {@code j + 2}, {@code j + 1}. To number 0, which by then is all of them, the up to 15
 * elements left are added one by one. Two vectors of 8 lanes, one of 16, and scalar code give the
 * same bits; {@code reduceLanes(ADD)} would not even give the same before and after compilation.
 *
 * <p>Rules, each of which costs a factor of ten or more where it is broken:
 *
 * <ul>
 *   <li>Vector code hands no vector to a method of ours and takes none from one, however often the
 *       same few lines then appear. Past 18000 nodes in one compilation C2 inlines the JDK's
 *       methods but not ours, also where a kernel is inlined into a long method, and a vector that
 *       crosses a call becomes an object on the heap.
 *   <li>A method has few masked accesses. Each is so large that C1 runs out of virtual registers; a
 *       method that C1 can't compile may never get to C2. So what is left of a range after whole
 *       vectors is done under a mask in kernels of one or two inputs, and by scalar code in others.
 * </ul>
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

  /** Of the same width, for random numbers, whose code meets no other species either. */
  static final VectorSpecies<Long> L = VectorSpecies.of(long.class, F.vectorShape());

  /** Lanes of a vector. */
  static final int COUNT = F.length();

  /** The running sums of a row, hence the elements they take at a time. */
  static final int SUMS = 16;

  /** Whether the running sums are two vectors rather than one. */
  static final boolean TWO_VECTORS = COUNT < SUMS;

  static final ByteOrder ORDER = ByteOrder.nativeOrder();

  /** Bring lane {@code j + 8}, {@code j + 4}, {@code j + 2}, {@code j + 1} to lane {@code j}. */
  static final VectorShuffle<Float> BY_8 = VectorShuffle.iota(F, 8, 1, true);

  static final VectorShuffle<Float> BY_4 = VectorShuffle.iota(F, 4, 1, true);
  static final VectorShuffle<Float> BY_2 = VectorShuffle.iota(F, 2, 1, true);
  static final VectorShuffle<Float> BY_1 = VectorShuffle.iota(F, 1, 1, true);

  private static final int HALF = COUNT / 2;

  /** Bring lanes 0, 2, 4 ... to the lower half of the lanes. */
  static final VectorShuffle<Float> EVEN = VectorShuffle.fromOp(F, lane -> 2 * (lane % HALF));

  /** Bring lanes 1, 3, 5 ... to the upper half. */
  static final VectorShuffle<Float> ODD = VectorShuffle.fromOp(F, lane -> 2 * (lane % HALF) + 1);

  static final VectorMask<Float> UPPER = VectorMask.fromLong(F, -1L << HALF & (1L << COUNT) - 1);

  private Lanes() {}
}
