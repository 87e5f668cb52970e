package dev.gradus.kernel;

/**
 * {@code y[i] = f(x[i])} over float32. In place where {@code y == x}; otherwise the ranges must not
 * overlap.
 */
public interface UnaryKernel {
  void run(long x, long y, long count);
}
