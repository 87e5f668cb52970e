package dev.gradus.blas;

import dev.gradus.gemm.GemmKernel;
import dev.gradus.gemm.GemmProvider;
import dev.gradus.gemm.GemmSpec;
import dev.gradus.kernel.KernelMode;

/**
 * Matrix products by OpenBLAS, single-threaded under the engine's own threads: C is cut into tiles
 * by its shape alone, each tile is one call, and the epilogue runs on the tile while it is in
 * cache. The result does not depend on the number of threads, but on the library and the CPU.
 */
public final class OpenBlasGemm implements GemmProvider {
  /** What users write. */
  public static final String NAME = "openblas";

  /** Loads nothing yet. */
  public OpenBlasGemm() {}

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Availability load() {
    return OpenBlas.availability();
  }

  /**
   * {@inheritDoc}
   *
   * @throws dev.gradus.memory.GradusException with the reason where OpenBLAS can't be used.
   */
  @Override
  public GemmKernel prepare(final GemmSpec spec, final int workers, final KernelMode mode) {
    return new OpenBlasKernel(spec, mode, OpenBlas.info());
  }
}
