package dev.gradus.optim;

import dev.gradus.kernel.AdamUpdate;
import dev.gradus.kernel.KernelMode;

/**
 * Adam with decoupled weight decay: {@code p -= lr * weightDecay * p} beside Adam's step, so that
 * decay is not divided by the gradient's size.
 *
 * <p>Source: Loshchilov and Hutter 2019, in the form of PyTorch's {@code AdamW}.
 */
public record AdamW(
    double learningRate, double beta1, double beta2, double epsilon, double weightDecay)
    implements Optimizer {
  public AdamW {
    Settings.requireRate(learningRate);
    Settings.requireFraction("beta1", beta1);
    Settings.requireFraction("beta2", beta2);
    Settings.requireNotNegative("epsilon", epsilon);
    Settings.requireNotNegative("weight decay", weightDecay);
  }

  /** Betas 0.9 and 0.999, epsilon 1e-8, weight decay 0.01. */
  public AdamW(final double learningRate) {
    this(learningRate, 0.9, 0.999, 1e-8, 0.01);
  }

  @Override
  public String name() {
    return "adamw";
  }

  @Override
  public AdamW withWeightDecay(final double decay) {
    return new AdamW(learningRate, beta1, beta2, epsilon, decay);
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
        0,
        1 - rate * weightDecay,
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
    return 13;
  }
}
