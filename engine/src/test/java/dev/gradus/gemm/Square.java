package dev.gradus.gemm;

import dev.gradus.kernel.Activation;
import dev.gradus.kernel.BinaryKernel;
import dev.gradus.kernel.KernelMode;
import dev.gradus.kernel.UnaryKernel;
import dev.gradus.memory.OffHeap;

/**
 * f(x) = x * x and, as a function of y alone, f'(y) = y: an activation whose effect a test sees at
 * once.
 */
final class Square implements Activation {
  static final Square INSTANCE = new Square();

  private Square() {}

  @Override
  public String name() {
    return "square";
  }

  @Override
  public UnaryKernel forward(final KernelMode mode) {
    return (x, y, count) -> {
      for (int i = 0; i < count; i++) {
        final float value = GemmOperands.get(x, i);
        GemmOperands.set(y, i, value * value);
      }
    };
  }

  @Override
  public BinaryKernel gradient(final KernelMode mode) {
    return (y, dY, dX, count) -> {
      for (long i = 0; i < count * Float.BYTES; i += Float.BYTES) {
        OffHeap.setFloat(dX + i, OffHeap.getFloat(dY + i) * OffHeap.getFloat(y + i));
      }
    };
  }
}
