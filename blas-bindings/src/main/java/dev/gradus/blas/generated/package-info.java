/**
 * Bindings to OpenBLAS in the shape jextract generates from {@code tools/jextract/openblas.h}.
 * Hand-written code is elsewhere. May use {@code library}.
 */
package dev.gradus.blas.generated;
