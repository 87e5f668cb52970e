package dev.gradus.train;

import dev.gradus.memory.GradusException;
import dev.gradus.memory.Tensor;

/** Scores of predicted numbers, gathered batch by batch; allocates nothing. NaN without rows. */
public final class NumberMetrics {
  private long count;
  private double absolute;
  private double squared;
  private double mean;
  private double spread;

  /** Starts without numbers. */
  public NumberMetrics() {}

  /**
   * Adds all elements of the first rows of a batch.
   *
   * @param output (capacity, ...).
   * @param target of the same shape.
   */
  public void add(final Tensor output, final Tensor target, final int rows) {
    if (!output.type().equals(target.type())) {
      throw GradusException.mismatch("target of metrics", output.type(), target.type());
    }
    final long elements = output.shape().rowElements() * rows;
    for (long i = 0; i < elements; i++) {
      add(output.get(i), target.get(i));
    }
  }

  /** Adds one number and what it should have been. */
  public void add(final double predicted, final double actual) {
    final double error = predicted - actual;
    count++;
    absolute += Math.abs(error);
    squared += error * error;
    // Welford's: no difference of large sums of squares.
    final double before = actual - mean;
    mean += before / count;
    spread += before * (actual - mean);
  }

  public long count() {
    return count;
  }

  /** {@code mean(|predicted - actual|)}. */
  public double meanAbsoluteError() {
    return absolute / count;
  }

  /** {@code sqrt(mean((predicted - actual)^2))}. */
  public double rootMeanSquaredError() {
    return Math.sqrt(squared / count);
  }

  /**
   * The coefficient of determination, {@code 1 - sum((predicted - actual)^2) / sum((actual -
   * mean)^2)}; not finite where all actual numbers are the same.
   */
  public double r2() {
    return 1 - squared / spread;
  }
}
