package dev.gradus.gemm;

import dev.gradus.kernel.KernelMode;

/** A backend for matrix products, found through {@link java.util.ServiceLoader}. */
public interface GemmProvider {
  /** The name users write: {@code java}, {@code openblas}. */
  String name();

  /**
   * Loads what the backend needs, once; later calls return the same answer.
   *
   * @return how it stands here: usable or why not.
   */
  Availability load();

  /**
   * Chooses kernel and blocking for one product.
   *
   * @param workers how many workers may run its tasks at the same time.
   * @param mode which form the epilogue's kernels (and, for Java, all kernels) take.
   */
  GemmKernel prepare(GemmSpec spec, int workers, KernelMode mode);

  /**
   * Whether a backend can be used.
   *
   * @param detail version, core and source of the library where usable; else the reason in one
   *     line.
   */
  record Availability(boolean usable, String detail) {}
}
