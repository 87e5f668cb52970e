/**
 * Finds the OpenBLAS library, unpacks it where it comes in a jar, and loads it. Knows nothing of
 * its functions. May use {@code memory}.
 */
package dev.gradus.blas.library;
