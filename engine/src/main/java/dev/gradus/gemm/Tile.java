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
   * Of the 32 registers that come with 16 lanes, 26 accumulate, two hold B, and C2 wants about
   * three for what it loads ahead of A; of 16 registers 10 accumulate: with 12 C2 spills an
   * accumulator in every step, and the kernel runs at 42 instead of 99 % of the peak.
   */
  static final int ROWS = WIDE ? MicroKernels.MAX_ROWS : 5;

  /** Rows of a tile one vector wide: the registers as above. */
  static final int NARROW_ROWS = WIDE ? MicroKernels.MAX_ROWS : 10;

  private Tile() {}
}
