package dev.gradus.optim;

/**
 * The state of one optimizer that all parameters share: the count of steps, the rate, and what
 * follows from them.
 */
public final class StepScalars {
  private final Optimizer optimizer;
  private final float[] values;
  private double learningRate;
  private long step;

  public StepScalars(final Optimizer optimizer) {
    this.optimizer = optimizer;
    this.values = new float[optimizer.scalars()];
    this.learningRate = optimizer.learningRate();
  }

  public Optimizer optimizer() {
    return optimizer;
  }

  /** Steps taken. */
  public long step() {
    return step;
  }

  public double learningRate() {
    return learningRate;
  }

  /**
   * Sets the rate of the steps to come.
   *
   * @param rate a finite float32 of 0 or more; 0 leaves the parameters as they are.
   */
  public void learningRate(final double rate) {
    Settings.requireNotNegative("learning rate", rate);
    learningRate = rate;
  }

  /** Counts one more step and computes its numbers. */
  public void advance() {
    step++;
    optimizer.scalars(step, learningRate, values);
  }

  float[] values() {
    return values;
  }
}
