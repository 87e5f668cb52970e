package dev.gradus.optim;

import dev.gradus.kernel.CentredRmsPropUpdate;
import dev.gradus.kernel.KernelMode;
import dev.gradus.kernel.RmsPropUpdate;

/**
 * Steps divided by the root mean square of recent gradients: {@code v = alpha * v + (1 - alpha) * g
 * * g; p -= lr * g / (sqrt(v) + epsilon)}; weight decay is added to g. With momentum, {@code b =
 * momentum * b + g / (...)} takes the quotient's place; centred, the mean gradient's square is
 * taken off {@code v}. Plain, it keeps one tensor for each parameter, else three.
 *
 * <p>Source: Tieleman and Hinton 2012; centred: Graves 2013; in the form of PyTorch's {@code
 * RMSprop}.
 */
public record RmsProp(
    double learningRate,
    double alpha,
    double epsilon,
    double weightDecay,
    double momentum,
    boolean centred)
    implements Optimizer {
  public RmsProp {
    Settings.requireRate(learningRate);
    Settings.requireFraction("alpha", alpha);
    Settings.requireNotNegative("epsilon", epsilon);
    Settings.requireNotNegative("weight decay", weightDecay);
    Settings.requireFraction("momentum", momentum);
  }

  /** Alpha 0.99, epsilon 1e-8, no weight decay, no momentum, not centred. */
  public RmsProp(final double learningRate) {
    this(learningRate, 0.99, 1e-8, 0, 0, false);
  }

  private boolean isPlain() {
    return momentum == 0 && !centred;
  }

  @Override
  public String name() {
    return "rmsprop";
  }

  @Override
  public RmsProp withWeightDecay(final double decay) {
    return new RmsProp(learningRate, alpha, epsilon, decay, momentum, centred);
  }

  @Override
  public int slots() {
    return isPlain() ? 1 : 3;
  }

  @Override
  public int scalars() {
    return isPlain() ? RmsPropUpdate.SCALARS : CentredRmsPropUpdate.SCALARS;
  }

  @Override
  public void scalars(final long step, final double rate, final float[] out) {
    out[0] = (float) alpha;
    out[1] = (float) (1 - alpha);
    out[2] = (float) weightDecay;
    if (isPlain()) {
      out[3] = (float) rate;
      out[4] = (float) epsilon;
    } else {
      out[3] = centred ? 1 : 0;
      out[4] = (float) momentum;
      out[5] = (float) rate;
      out[6] = (float) epsilon;
    }
  }

  @Override
  public UpdateKernel kernel(final KernelMode mode) {
    return isPlain() ? RmsPropUpdate.of(mode)::run : CentredRmsPropUpdate.of(mode)::run;
  }

  @Override
  public int flopsPerElement() {
    return (isPlain() ? 8 : 16) + (weightDecay == 0 ? 0 : 2);
  }
}
