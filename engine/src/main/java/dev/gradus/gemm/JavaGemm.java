package dev.gradus.gemm;

import dev.gradus.kernel.KernelMode;

/** The backend that is always there: {@link VectorGemm} on SIMD, {@link ScalarGemm} without. */
public final class JavaGemm implements GemmProvider {
  /** What users write. */
  public static final String NAME = "java";

  /** Nothing to load, nothing to configure. */
  public JavaGemm() {}

  /** Whether a product of so many multiply-adds is cut among threads. */
  public static boolean isCut(final long work) {
    return work >= 2 * Blocking.MIN_TASK_WORK;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Availability load() {
    return new Availability(true, "pure Java, part of the engine");
  }

  @Override
  public GemmKernel prepare(final GemmSpec spec, final int workers, final KernelMode mode) {
    return switch (mode) {
      case VECTOR ->
          TransposedGemm.suits(spec)
              ? new TransposedGemm(spec, workers)
              : new VectorGemm(spec, workers);
      case SCALAR -> new ScalarGemm(spec, workers);
    };
  }
}
