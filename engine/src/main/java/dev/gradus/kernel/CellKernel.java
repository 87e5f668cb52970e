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
   * @param product the state's product with its weights; used up.
   * @param bias the state's own bias, where the cell has one.
   * @param gates gets the gates; may be {@code x}.
   * @param kept gets what the gradient needs beside them.
   * @param before h before the step.
   * @param cellBefore c before the step, where the cell has one.
   * @param h gets the new state.
   */
  void forward(
      long x,
      long product,
      long bias,
      long gates,
      long kept,
      long before,
      long cellBefore,
      long h,
      long units);

  /**
   * Computes gradients of the gates.
   *
   * @param dOutput gradient of h from outside.
   * @param h the new state.
   * @param gates what {@link #forward} left.
   * @param kept what it kept.
   * @param before h before the step.
   * @param cellBefore c before the step, where the cell has one.
   * @param dX gets the gradient of x; may be {@code gates}.
   * @param dHidden gets the gradient of the state's product and its bias, where that is another.
   * @param dState gradient of h from later steps; gets that of {@code before} without the part
   *     through the product.
   * @param dCell gradient of c from later steps; gets that of {@code cellBefore}.
   */
  void backward(
      long dOutput,
      long h,
      long gates,
      long kept,
      long before,
      long cellBefore,
      long dX,
      long dHidden,
      long dState,
      long dCell,
      long units);
}
