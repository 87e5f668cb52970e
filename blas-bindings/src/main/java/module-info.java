/** OpenBLAS behind the engine's GEMM interface, found through {@code ServiceLoader}. */
module dev.gradus.blas {
  requires transitive dev.gradus.engine;

  exports dev.gradus.blas;

  provides dev.gradus.gemm.GemmProvider with
      dev.gradus.blas.OpenBlasGemm;
}
