package dev.gradus.optim;

import dev.gradus.memory.GradusException;

/**
 * The state of one optimizer that all its parameters share: the count of updates, the rate, and
 * what follows from them.
 */
public final class StepScalars {
  private final Optimizer optimizer;
  private final int accumulation;
  private final float[] values;
  private double learningRate;
  private long step;
  private int batches;

  /** Of an optimizer that updates in each step. */
  public StepScalars(final Optimizer optimizer) {
    this(optimizer, 1);
  }

  /**
   * Of an optimizer that updates in each {@code accumulation}-th step.
   *
   * @param accumulation 1 or more.
   */
  public StepScalars(final Optimizer optimizer, final int accumulation) {
    if (accumulation < 1) {
      throw GradusException.outOfRange("accumulated batches", "1 or more", accumulation);
    }
    this.optimizer = optimizer;
    this.accumulation = accumulation;
    this.values = new float[optimizer.scalars()];
    this.learningRate = optimizer.learningRate();
  }

  public Optimizer optimizer() {
    return optimizer;
  }

  /** Updates made. */
  public long step() {
    return step;
  }

  public double learningRate() {
    return learningRate;
  }

  /**
   * Sets the rate of the updates to come.
   *
   * @param rate a finite float32 of 0 or more; 0 leaves the parameters as they are.
   */
  public void learningRate(final double rate) {
    Settings.requireNotNegative("learning rate", rate);
    learningRate = rate;
  }

  /** Counts one more batch and, where it completes an update, computes that update's numbers. */
  public void advance() {
    batches = batches % accumulation + 1;
    if (updating()) {
      step++;
      optimizer.scalars(step, learningRate, values);
    }
  }

  /** Whether this step updates; else it adds to the gradient alone. */
  public boolean updating() {
    return batches == accumulation;
  }

  float[] values() {
    return values;
  }
}
