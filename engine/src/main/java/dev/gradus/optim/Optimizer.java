package dev.gradus.optim;

import dev.gradus.kernel.KernelMode;

/**
 * How a parameter follows its gradient. An immutable description; what is kept between steps lies
 * in the plan. Adding one takes one file and one row in {@link Optimizers}.
 */
public interface Optimizer {
  /** The name users write, lower case. */
  String name();

  /** The step size, above 0. A plan may override it from step to step. */
  double learningRate();

  /**
   * The factor of the parameter that is added to its gradient (L2), or in AdamW and Lion, whose
   * decay is decoupled, times the rate taken from the parameter itself; 0 for none.
   */
  double weightDecay();

  /**
   * The same with another weight decay.
   *
   * @param decay 0 or more.
   * @throws dev.gradus.memory.GradusException where it is not.
   */
  Optimizer withWeightDecay(double decay);

  /** Tensors of the parameter's size kept for each parameter, 0 or more; they start as zeros. */
  int slots();

  /** Numbers that change from step to step but not from element to element. */
  int scalars();

  /**
   * Computes those numbers.
   *
   * @param step 1 for the first step.
   * @param learningRate the step size of this step.
   * @param out {@link #scalars()} numbers.
   */
  void scalars(long step, double learningRate, float[] out);

  /** The fused update, one pass over memory. */
  UpdateKernel kernel(KernelMode mode);

  /** Floating-point operations for each element. */
  int flopsPerElement();

  /** A fused update of a range of one parameter. */
  interface UpdateKernel {
    /**
     * Updates in place.
     *
     * @param parameter address of the first element.
     * @param gradient address of its gradient.
     * @param state address of its element in the first slot.
     * @param slotBytes distance to the same element in the next slot.
     * @param count elements.
     * @param scalars what {@link Optimizer#scalars(long, double, float[])} computed for this step.
     */
    void run(
        long parameter, long gradient, long state, long slotBytes, long count, float[] scalars);
  }
}
