package dev.gradus.kernel;

/**
 * {@code out[i] = f(a[i], b[i])} over float32. {@code out} may be {@code a} or {@code b}; otherwise
 * the ranges must not overlap.
 */
public interface BinaryKernel {
  void run(long a, long b, long out, long count);
}
