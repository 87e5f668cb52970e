package dev.gradus.optim;

import dev.gradus.kernel.AmsGradUpdate;
import dev.gradus.kernel.KernelMode;

/**
 * Adam whose denominator never shrinks: the largest {@code v} so far stands in its place.
 *
 * <p>Source: Reddi, Kale and Kumar 2018, in the form of PyTorch's {@code Adam} with {@code
 * amsgrad}.
 */
public record AmsGrad(
    double learningRate, double beta1, double beta2, double epsilon, double weightDecay)
    implements Optimizer {
  public AmsGrad {
    Settings.requireRate(learningRate);
    Settings.requireFraction("beta1", beta1);
    Settings.requireFraction("beta2", beta2);
    Settings.requireNotNegative("epsilon", epsilon);
    Settings.requireNotNegative("weight decay", weightDecay);
  }

  /** Betas 0.9 and 0.999, epsilon 1e-8, no weight decay. */
  public AmsGrad(final double learningRate) {
    this(learningRate, 0.9, 0.999, 1e-8, 0);
  }

  @Override
  public String name() {
    return "amsgrad";
  }

  @Override
  public AmsGrad withWeightDecay(final double decay) {
    return new AmsGrad(learningRate, beta1, beta2, epsilon, decay);
  }

  @Override
  public int slots() {
    return 3;
  }

  @Override
  public int scalars() {
    return AmsGradUpdate.SCALARS;
  }

  @Override
  public void scalars(final long step, final double rate, final float[] out) {
    out[0] = (float) (1 - beta1);
    out[1] = (float) beta2;
    out[2] = (float) (1 - beta2);
    out[3] = (float) weightDecay;
    out[4] = (float) (rate / (1 - Settings.power(beta1, step)));
    out[5] = (float) (1 / Math.sqrt(1 - Settings.power(beta2, step)));
    out[6] = (float) epsilon;
  }

  @Override
  public UpdateKernel kernel(final KernelMode mode) {
    return AmsGradUpdate.of(mode)::run;
  }

  @Override
  public int flopsPerElement() {
    return 13 + (weightDecay == 0 ? 0 : 2);
  }
}
