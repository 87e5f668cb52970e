/**
 * The micro-kernels of the Java product, one source per number of rows, written by {@code
 * MicroKernelGenerator} among the tests of {@code dev.gradus.gemm}. Uses {@code kernel} and {@code
 * memory}.
 */
package dev.gradus.gemm.generated;
