package dev.gradus.kernel;

import dev.gradus.memory.GradusException;
import java.util.Arrays;

/** What each class counts in a loss: 0 or more, immutable; {@link #EQUAL} for any classes. */
public final class ClassWeights {
  /** 1 for each class. */
  public static final ClassWeights EQUAL = new ClassWeights(new float[0]);

  private final float[] weights;

  private ClassWeights(final float[] weights) {
    this.weights = weights;
  }

  /**
   * Weights in the order of classes.
   *
   * @throws GradusException where one is negative or not finite, or all are 0.
   */
  public static ClassWeights of(final float... weights) {
    float largest = 0;
    for (int i = 0; i < weights.length; i++) {
      if (!(weights[i] >= 0 && weights[i] < Float.POSITIVE_INFINITY)) {
        throw GradusException.outOfRange(
            "weight of class " + i, "a finite number of 0 or more", weights[i]);
      }
      largest = Math.max(largest, weights[i]);
    }
    if (largest == 0) {
      throw GradusException.outOfRange(
          "class weights", "one above 0 at least", Arrays.toString(weights));
    }
    return new ClassWeights(weights.clone());
  }

  /**
   * Weights that let every class count as much as any other: {@code samples / (classes * count)}, 1
   * for a class that has no samples.
   *
   * @param counts of samples, for each class.
   */
  public static ClassWeights balanced(final long... counts) {
    double samples = 0;
    for (final long count : counts) {
      samples += count;
    }
    final float[] weights = new float[counts.length];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = counts[i] == 0 ? 1f : (float) (samples / ((double) counts.length * counts[i]));
    }
    return of(weights);
  }

  boolean areEqual() {
    return weights.length == 0;
  }

  float of(final long label) {
    return weights.length == 0 ? 1f : weights[(int) label];
  }

  void requireClasses(final int classes) {
    if (weights.length > 0 && weights.length != classes) {
      throw GradusException.mismatch("number of class weights", classes, weights.length);
    }
  }

  @Override
  public boolean equals(final Object other) {
    return other instanceof ClassWeights that && Arrays.equals(weights, that.weights);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(weights);
  }

  @Override
  public String toString() {
    return weights.length == 0 ? "equal" : Arrays.toString(weights);
  }
}
