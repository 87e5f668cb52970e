package dev.gradus.optim;

import dev.gradus.kernel.AdamUpdate;
import dev.gradus.kernel.KernelMode;

/**
 * Rectified Adam: while too few gradients have been seen to know their variance, the step is {@code
 * lr * mHat}; then Adam's, shortened by the rectification {@code r = sqrt((rho - 4)(rho - 2) rhoInf
 * / ((rhoInf - 4)(rhoInf - 2) rho))}, {@code rho = rhoInf - 2 t beta2^t / (1 - beta2^t)}, {@code
 * rhoInf = 2 / (1 - beta2) - 1}.
 *
 * <p>Source: Liu et al. 2020, in the form of PyTorch's {@code RAdam}: epsilon is added before the
 * bias correction.
 */
public record RAdam(
    double learningRate, double beta1, double beta2, double epsilon, double weightDecay)
    implements Optimizer {
  /** The effective number of gradients from which on their variance is known well enough. */
  private static final double SHORTEST = 5;

  /** A denominator that no root changes, and by which a product is divided without rounding. */
  private static final double HUGE = 0x1p60;

  public RAdam {
    Settings.requireRate(learningRate);
    Settings.requireFraction("beta1", beta1);
    Settings.requireFraction("beta2", beta2);
    Settings.requireNotNegative("epsilon", epsilon);
    Settings.requireNotNegative("weight decay", weightDecay);
  }

  /** Betas 0.9 and 0.999, epsilon 1e-8, no weight decay. */
  public RAdam(final double learningRate) {
    this(learningRate, 0.9, 0.999, 1e-8, 0);
  }

  @Override
  public String name() {
    return "radam";
  }

  @Override
  public RAdam withWeightDecay(final double decay) {
    return new RAdam(learningRate, beta1, beta2, epsilon, decay);
  }

  @Override
  public int slots() {
    return 2;
  }

  @Override
  public int scalars() {
    return AdamUpdate.SCALARS;
  }

  @Override
  public void scalars(final long step, final double rate, final float[] out) {
    final double power2 = Settings.power(beta2, step);
    final double limit = 2 / (1 - beta2) - 1;
    final double length = limit - 2 * step * power2 / (1 - power2);
    final boolean rectified = length > SHORTEST;
    final double factor =
        rectified
            ? Math.sqrt(
                (length - 4)
                    * (length - 2)
                    * limit
                    / ((limit - 4) * (limit - 2) * length)
                    * (1 - power2))
            : 1;
    final double moment = rate * factor / (1 - Settings.power(beta1, step));
    AdamScalars.fill(
        out,
        beta1,
        beta2,
        weightDecay,
        1,
        rectified ? moment : moment * HUGE,
        0,
        rectified ? epsilon : HUGE);
  }

  @Override
  public UpdateKernel kernel(final KernelMode mode) {
    return AdamUpdate.of(mode)::run;
  }

  @Override
  public int flopsPerElement() {
    return 12 + (weightDecay == 0 ? 0 : 2);
  }
}
