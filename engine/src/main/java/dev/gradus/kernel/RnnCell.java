package dev.gradus.kernel;

import dev.gradus.memory.OffHeap;

/** {@code h = f(x + u)}; see {@link Cell}. */
final class RnnCell implements CellKernel {
  private final BinaryKernel add;
  private final UnaryKernel activation;
  private final BinaryKernel gradient;
  private final Fill fill;

  RnnCell(final Activation activation, final KernelMode mode) {
    this.add = Add.of(mode);
    this.activation = activation.forward(mode);
    this.gradient = activation.gradient(mode);
    this.fill = Fill.of(mode);
  }

  @Override
  public void forward(
      final long x,
      final long product,
      final long bias,
      final long gates,
      final long kept,
      final long before,
      final long cellBefore,
      final long h,
      final long units) {
    add.run(product, x, gates, units);
    activation.run(gates, gates, units);
    OffHeap.copy(gates, h, units * Float.BYTES);
  }

  @Override
  public void backward(
      final long dOutput,
      final long h,
      final long gates,
      final long kept,
      final long before,
      final long cellBefore,
      final long dX,
      final long dHidden,
      final long dState,
      final long dCell,
      final long units) {
    add.run(dOutput, dState, dX, units);
    gradient.run(h, dX, dX, units);
    fill.run(dState, 0f, units);
  }
}
