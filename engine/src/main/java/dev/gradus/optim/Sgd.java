package dev.gradus.optim;

import dev.gradus.kernel.KernelMode;
import dev.gradus.kernel.SgdUpdate;

/**
 * Stochastic gradient descent: {@code p = p - lr * (g + weightDecay * p)}.
 *
 * <p>Source: Robbins and Monro 1951; weight decay as in PyTorch's {@code SGD}.
 */
public record Sgd(double learningRate, double weightDecay) implements Optimizer {
  public Sgd {
    Settings.requireRate(learningRate);
    Settings.requireNotNegative("weight decay", weightDecay);
  }

  public Sgd(final double learningRate) {
    this(learningRate, 0);
  }

  @Override
  public String name() {
    return "sgd";
  }

  @Override
  public Sgd withWeightDecay(final double decay) {
    return new Sgd(learningRate, decay);
  }

  @Override
  public int slots() {
    return 0;
  }

  @Override
  public int scalars() {
    return 1;
  }

  @Override
  public void scalars(final long step, final double rate, final float[] out) {
    out[0] = (float) rate;
  }

  @Override
  public UpdateKernel kernel(final KernelMode mode) {
    final SgdUpdate update = SgdUpdate.of(mode);
    final float decay = (float) weightDecay;
    return (parameter, gradient, state, slotBytes, count, scalars) ->
        update.run(parameter, gradient, count, scalars[0], decay);
  }

  @Override
  public int flopsPerElement() {
    return weightDecay == 0 ? 2 : 4;
  }
}
