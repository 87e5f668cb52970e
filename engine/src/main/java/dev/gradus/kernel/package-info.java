/**
 * Single-threaded loops over raw off-heap addresses and a range. Each kernel is one file that holds
 * its formula twice: with SIMD vectors and as the scalar fallback, which give the same bits.
 * Together with {@code gemm} the only room that knows the Vector API. May use {@code memory}.
 *
 * <p>Addresses are those of {@link dev.gradus.memory.Tensor#address()}, counts are in elements.
 * Kernels check nothing: ranges were checked when the plan was compiled.
 */
package dev.gradus.kernel;
