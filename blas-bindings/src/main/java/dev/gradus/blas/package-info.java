/**
 * OpenBLAS as a backend for matrix products. {@link dev.gradus.blas.OpenBlasGemm} is found through
 * {@code ServiceLoader}; {@link dev.gradus.blas.OpenBlas} says which library is in use. May use
 * {@code gemm}, {@code kernel} and {@code memory}.
 */
package dev.gradus.blas;
