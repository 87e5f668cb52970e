/** OpenBLAS behind the engine's GEMM interface, found through {@code ServiceLoader}. */
module dev.gradus.blas {
  requires dev.gradus.engine;
}
