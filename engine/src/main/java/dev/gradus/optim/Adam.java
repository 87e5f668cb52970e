package dev.gradus.optim;

import dev.gradus.kernel.AdamUpdate;
import dev.gradus.kernel.KernelMode;

/**
 * Adam: {@code m = beta1 * m + (1 - beta1) * g; v = beta2 * v + (1 - beta2) * g * g; p -= lr * mHat
 * / (sqrt(vHat) + epsilon)} with {@code mHat = m / (1 - beta1^t)}, {@code vHat = v / (1 -
 * beta2^t)}; weight decay is added to g.
 *
 * <p>Source: Kingma and Ba 2015; epsilon outside the root as in PyTorch.
 */
public record Adam(
    double learningRate, double beta1, double beta2, double epsilon, double weightDecay)
    implements Optimizer {
  public Adam {
    Settings.requireRate(learningRate);
    Settings.requireFraction("beta1", beta1);
    Settings.requireFraction("beta2", beta2);
    Settings.requireNotNegative("epsilon", epsilon);
    Settings.requireNotNegative("weight decay", weightDecay);
  }

  /** Betas 0.9 and 0.999, epsilon 1e-8, no weight decay. */
  public Adam(final double learningRate) {
    this(learningRate, 0.9, 0.999, 1e-8, 0);
  }

  @Override
  public String name() {
    return "adam";
  }

  @Override
  public Adam withWeightDecay(final double decay) {
    return new Adam(learningRate, beta1, beta2, epsilon, decay);
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
    final double root = Math.sqrt(1 - Settings.power(beta2, step));
    AdamScalars.fill(
        out,
        beta1,
        beta2,
        weightDecay,
        1,
        root * rate / (1 - Settings.power(beta1, step)),
        0,
        root * epsilon);
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
