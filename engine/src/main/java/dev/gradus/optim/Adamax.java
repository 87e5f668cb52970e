package dev.gradus.optim;

import dev.gradus.kernel.AdamaxUpdate;
import dev.gradus.kernel.KernelMode;

/**
 * Adam with the largest gradient, forgotten at the rate beta2, in place of the root mean square:
 * {@code u = max(beta2 * u, |g| + epsilon); p -= lr / (1 - beta1^t) * m / u}.
 *
 * <p>Source: Kingma and Ba 2015, in the form of PyTorch's {@code Adamax}.
 */
public record Adamax(
    double learningRate, double beta1, double beta2, double epsilon, double weightDecay)
    implements Optimizer {
  public Adamax {
    Settings.requireRate(learningRate);
    Settings.requireFraction("beta1", beta1);
    Settings.requireFraction("beta2", beta2);
    Settings.requireNotNegative("epsilon", epsilon);
    Settings.requireNotNegative("weight decay", weightDecay);
  }

  /** Betas 0.9 and 0.999, epsilon 1e-8, no weight decay. */
  public Adamax(final double learningRate) {
    this(learningRate, 0.9, 0.999, 1e-8, 0);
  }

  @Override
  public String name() {
    return "adamax";
  }

  @Override
  public Adamax withWeightDecay(final double decay) {
    return new Adamax(learningRate, beta1, beta2, epsilon, decay);
  }

  @Override
  public int slots() {
    return 2;
  }

  @Override
  public int scalars() {
    return AdamaxUpdate.SCALARS;
  }

  @Override
  public void scalars(final long step, final double rate, final float[] out) {
    out[0] = (float) (1 - beta1);
    out[1] = (float) beta2;
    out[2] = (float) weightDecay;
    out[3] = (float) (rate / (1 - Settings.power(beta1, step)));
    out[4] = (float) epsilon;
  }

  @Override
  public UpdateKernel kernel(final KernelMode mode) {
    return AdamaxUpdate.of(mode)::run;
  }

  @Override
  public int flopsPerElement() {
    return 9 + (weightDecay == 0 ? 0 : 2);
  }
}
