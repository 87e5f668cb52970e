package dev.gradus.optim;

import dev.gradus.kernel.KernelMode;
import dev.gradus.kernel.RmsPropUpdate;

/**
 * Each weight's rate falls with the sum of its squared gradients: {@code v += g * g; p -= lr / (1 +
 * (t - 1) * rateDecay) * g / (sqrt(v) + epsilon)}; weight decay is added to g.
 *
 * <p>Source: Duchi, Hazan and Singer 2011, in the form of PyTorch's {@code Adagrad}.
 */
public record AdaGrad(double learningRate, double rateDecay, double epsilon, double weightDecay)
    implements Optimizer {
  public AdaGrad {
    Settings.requireRate(learningRate);
    Settings.requireNotNegative("rate decay", rateDecay);
    Settings.requireNotNegative("epsilon", epsilon);
    Settings.requireNotNegative("weight decay", weightDecay);
  }

  /** Epsilon 1e-10, no rate decay, no weight decay. */
  public AdaGrad(final double learningRate) {
    this(learningRate, 0, 1e-10, 0);
  }

  @Override
  public String name() {
    return "adagrad";
  }

  @Override
  public AdaGrad withWeightDecay(final double decay) {
    return new AdaGrad(learningRate, rateDecay, epsilon, decay);
  }

  @Override
  public int slots() {
    return 1;
  }

  @Override
  public int scalars() {
    return RmsPropUpdate.SCALARS;
  }

  @Override
  public void scalars(final long step, final double rate, final float[] out) {
    out[0] = 1;
    out[1] = 1;
    out[2] = (float) weightDecay;
    out[3] = (float) (rate / (1 + (step - 1) * rateDecay));
    out[4] = (float) epsilon;
  }

  @Override
  public UpdateKernel kernel(final KernelMode mode) {
    return RmsPropUpdate.of(mode)::run;
  }

  @Override
  public int flopsPerElement() {
    return 7 + (weightDecay == 0 ? 0 : 2);
  }
}
