/**
 * Matrix products: what one is ({@link dev.gradus.gemm.GemmSpec}), who computes it ({@link
 * dev.gradus.gemm.GemmProvider}), the pure Java implementation, and the choice among providers. May
 * use {@code kernel}, {@code parallel} and {@code memory}.
 */
package dev.gradus.gemm;
