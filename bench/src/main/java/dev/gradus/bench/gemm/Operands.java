package dev.gradus.bench.gemm;

import dev.gradus.memory.OffHeap;
import java.lang.foreign.Arena;
import java.util.SplittableRandom;

/** Matrices to multiply. */
final class Operands {
  private Operands() {}

  /** The address of so many floats from -0.5 to 0.5, aligned to 64 bytes. */
  static long random(final Arena arena, final long count, final long seed) {
    final SplittableRandom random = new SplittableRandom(seed);
    final long address = arena.allocate(count * Float.BYTES, 64).address();
    for (long i = 0; i < count; i++) {
      OffHeap.setFloat(address + i * Float.BYTES, (float) random.nextDouble() - 0.5f);
    }
    return address;
  }
}
