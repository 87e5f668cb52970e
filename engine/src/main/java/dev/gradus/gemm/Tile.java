package dev.gradus.gemm;

import dev.gradus.gemm.generated.MicroKernels;
import dev.gradus.kernel.Lanes;

/** The micro-kernel's tile of C for the vectors of this CPU, of 8 or 16 lanes. */
final class Tile {
  static final int LANES = Lanes.F.length();

  /** Two vectors. */
  static final int COLUMNS = 2 * LANES;

  private static final boolean WIDE = LANES == 16;

  /**
   * Of 32 registers, which come with 16 lanes, 22 accumulate, and two hold B: with 26 it is no
   * faster, and C1 does not compile it, without which it may never reach C2. Of 16 registers 10
   * accumulate: with 12 C2 spills an accumulator in every step, and the kernel runs at 42 instead
   * of 99 % of the peak.
   */
  static final int ROWS = WIDE ? MicroKernels.MAX_ROWS : 5;

  /** Rows of a tile whose A lies as the caller has it. */
  static final int STRIDED_ROWS = WIDE ? MicroKernels.MAX_STRIDED_ROWS : 5;

  /** Rows of such a tile one vector wide: the registers as above. */
  static final int NARROW_ROWS =
      WIDE ? MicroKernels.MAX_STRIDED_ROWS : MicroKernels.MAX_NARROW_ROWS;

  private Tile() {}
}
