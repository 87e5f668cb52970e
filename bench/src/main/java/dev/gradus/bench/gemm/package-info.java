/** Matrix products by shape and backend. */
package dev.gradus.bench.gemm;
