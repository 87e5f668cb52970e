package dev.gradus.blas;

import dev.gradus.kernel.Activation;
import dev.gradus.kernel.BinaryKernel;
import dev.gradus.kernel.KernelMode;
import dev.gradus.kernel.UnaryKernel;
import dev.gradus.memory.OffHeap;

/** {@code y = x * x}, with {@code dX = dY * y} for its gradient: easy to tell apart in a test. */
enum Square implements Activation {
  INSTANCE;

  @Override
  public UnaryKernel forward(final KernelMode mode) {
    return (x, y, count) -> {
      for (long i = 0; i < 4 * count; i += 4) {
        final float value = OffHeap.getFloat(x + i);
        OffHeap.setFloat(y + i, value * value);
      }
    };
  }

  @Override
  public BinaryKernel gradient(final KernelMode mode) {
    return (y, dY, dX, count) -> {
      for (long i = 0; i < 4 * count; i += 4) {
        OffHeap.setFloat(dX + i, OffHeap.getFloat(dY + i) * OffHeap.getFloat(y + i));
      }
    };
  }
}
