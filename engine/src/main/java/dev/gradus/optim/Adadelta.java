package dev.gradus.optim;

import dev.gradus.kernel.AdadeltaUpdate;
import dev.gradus.kernel.KernelMode;

/**
 * Steps as long as recent steps were: {@code v = rho * v + (1 - rho) * g * g; x = g * sqrt(u +
 * epsilon) / sqrt(v + epsilon); u = rho * u + (1 - rho) * x * x; p -= lr * x}; weight decay is
 * added to g. The usual rate is 1.
 *
 * <p>Source: Zeiler 2012, in the form of PyTorch's {@code Adadelta}.
 */
public record Adadelta(double learningRate, double rho, double epsilon, double weightDecay)
    implements Optimizer {
  public Adadelta {
    Settings.requireRate(learningRate);
    Settings.requireFraction("rho", rho);
    Settings.requireNotNegative("epsilon", epsilon);
    Settings.requireNotNegative("weight decay", weightDecay);
  }

  /** Rho 0.9, epsilon 1e-6, no weight decay. */
  public Adadelta(final double learningRate) {
    this(learningRate, 0.9, 1e-6, 0);
  }

  @Override
  public String name() {
    return "adadelta";
  }

  @Override
  public Adadelta withWeightDecay(final double decay) {
    return new Adadelta(learningRate, rho, epsilon, decay);
  }

  @Override
  public int slots() {
    return 2;
  }

  @Override
  public int scalars() {
    return AdadeltaUpdate.SCALARS;
  }

  @Override
  public void scalars(final long step, final double rate, final float[] out) {
    out[0] = (float) rho;
    out[1] = (float) (1 - rho);
    out[2] = (float) weightDecay;
    out[3] = (float) rate;
    out[4] = (float) epsilon;
  }

  @Override
  public UpdateKernel kernel(final KernelMode mode) {
    return AdadeltaUpdate.of(mode)::run;
  }

  @Override
  public int flopsPerElement() {
    return 15 + (weightDecay == 0 ? 0 : 2);
  }
}
