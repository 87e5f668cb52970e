package dev.gradus.optim;

import dev.gradus.kernel.KernelMode;
import dev.gradus.kernel.MomentumUpdate;

/**
 * Stochastic gradient descent with momentum: {@code g += weightDecay * p; v = momentum * v + g; p
 * -= lr * v}, or with Nesterov's look-ahead {@code p -= lr * (g + momentum * v)}.
 *
 * <p>Source: Polyak 1964; Nesterov 1983; the form of PyTorch's {@code SGD} with dampening 0.
 */
public record Momentum(double learningRate, double momentum, boolean nesterov, double weightDecay)
    implements Optimizer {
  public Momentum {
    Settings.requireRate(learningRate);
    Settings.requireFraction("momentum", momentum);
    Settings.requireNotNegative("weight decay", weightDecay);
  }

  /** Momentum 0.9. */
  public Momentum(final double learningRate) {
    this(learningRate, 0.9, false, 0);
  }

  @Override
  public String name() {
    return nesterov ? "nesterov" : "momentum";
  }

  @Override
  public Momentum withWeightDecay(final double decay) {
    return new Momentum(learningRate, momentum, nesterov, decay);
  }

  @Override
  public int slots() {
    return 1;
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
    final MomentumUpdate update = MomentumUpdate.of(mode);
    final float factor = (float) momentum;
    final float decay = (float) weightDecay;
    final boolean lookAhead = nesterov;
    return (parameter, gradient, state, slotBytes, count, scalars) ->
        update.run(parameter, gradient, state, count, scalars[0], factor, lookAhead, decay);
  }

  @Override
  public int flopsPerElement() {
    return 4 + (nesterov ? 2 : 0) + (weightDecay == 0 ? 0 : 2);
  }
}
