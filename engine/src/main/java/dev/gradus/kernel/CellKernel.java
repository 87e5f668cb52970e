package dev.gradus.kernel;

/**
 * One step of a recurrent {@link Cell} for one row of a batch. All addresses are of float32; blocks
 * have {@code units} elements. What one step touches is a few KiB, so the passes run in cache.
 */
public interface CellKernel {
  /**
   * Computes gates and state.
   *
   * @param x the input's part of the gates.
   * @param bias the state's own bias, where the cell has one.
   * @param saved the first blocks hold the state's product with its weights; gets what the gradient
   *     needs.
   * @param before h before the step.
   * @param cellBefore c before the step, where the cell has one.
   * @param h gets the new state.
   */
  void forward(long x, long bias, long saved, long before, long cellBefore, long h, long units);

  /**
   * Computes gradients of the gates.
   *
   * @param dOutput gradient of h from outside.
   * @param h the new state.
   * @param saved what {@link #forward} saved.
   * @param before h before the step.
   * @param cellBefore c before the step, where the cell has one.
   * @param dX gets the gradient of x.
   * @param dHidden gets the gradient of the state's product and its bias, where that is another.
   * @param dState gradient of h from later steps; gets that of {@code before} without the part
   *     through the product.
   * @param dCell gradient of c from later steps; gets that of {@code cellBefore}.
   */
  void backward(
      long dOutput,
      long h,
      long saved,
      long before,
      long cellBefore,
      long dX,
      long dHidden,
      long dState,
      long dCell,
      long units);
}
