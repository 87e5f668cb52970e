package dev.gradus.optim;

import dev.gradus.kernel.AdamUpdate;
import dev.gradus.kernel.KernelMode;

/**
 * Adam with Nesterov's look-ahead: the step is {@code lr * (mu' * m / (1 - product') + (1 - mu) * g
 * / (1 - product)) / (sqrt(vHat) + epsilon)} with {@code mu = beta1 * (1 - 0.96^(t * momentumDecay)
 * / 2)}, {@code mu'} that of the next step, and the products of all mu so far.
 *
 * <p>Source: Dozat 2016; as PyTorch documents {@code NAdam}.
 */
public record Nadam(
    double learningRate,
    double beta1,
    double beta2,
    double epsilon,
    double weightDecay,
    double momentumDecay)
    implements Optimizer {
  private static final double LOG_096 = -0.040821994520255166;

  /** Half a unit in the last place of 1, and less. */
  private static final double NEGLIGIBLE = 0x1p-54;

  public Nadam {
    Settings.requireRate(learningRate);
    Settings.requireFraction("beta1", beta1);
    Settings.requireFraction("beta2", beta2);
    Settings.requireNotNegative("epsilon", epsilon);
    Settings.requireNotNegative("weight decay", weightDecay);
    Settings.requireNotNegative("momentum decay", momentumDecay);
  }

  /** Betas 0.9 and 0.999, epsilon 1e-8, no weight decay, momentum decay 0.004. */
  public Nadam(final double learningRate) {
    this(learningRate, 0.9, 0.999, 1e-8, 0, 0.004);
  }

  @Override
  public String name() {
    return "nadam";
  }

  @Override
  public Nadam withWeightDecay(final double decay) {
    return new Nadam(learningRate, beta1, beta2, epsilon, decay, momentumDecay);
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
    final double base = Settings.exp(LOG_096 * momentumDecay);
    final double mu = mu(base, step);
    final double nextMu = mu(base, step + 1);
    final double product = product(base, step);
    final double root = Math.sqrt(1 - Settings.power(beta2, step));
    AdamScalars.fill(
        out,
        beta1,
        beta2,
        weightDecay,
        1,
        root * rate * nextMu / (1 - product * nextMu),
        root * rate * (1 - mu) / (1 - product),
        root * epsilon);
  }

  @Override
  public UpdateKernel kernel(final KernelMode mode) {
    return AdamUpdate.of(mode)::run;
  }

  @Override
  public int flopsPerElement() {
    return 14 + (weightDecay == 0 ? 0 : 2);
  }

  private double mu(final double base, final long step) {
    return beta1 * (1 - 0.5 * Settings.power(base, step));
  }

  /** The product of all mu up to a step, down to where 1 less it is 1. */
  private double product(final double base, final long step) {
    double product = 1;
    double power = 1;
    for (long t = 1; t <= step && product > NEGLIGIBLE; t++) {
      power *= base;
      product *= beta1 * (1 - 0.5 * power);
    }
    return product;
  }
}
