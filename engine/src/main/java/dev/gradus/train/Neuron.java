package dev.gradus.train;

import dev.gradus.memory.DType;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.Tensor;

/** One linear neuron and the rows it learns from, in double precision until written back. */
final class Neuron {
  private final Tensor features;
  private final Tensor weights;
  private final double[] w;
  private final double[] x;

  private Neuron(final Tensor features, final Tensor weights) {
    this.features = features;
    this.weights = weights;
    this.w = new double[features.shape().dim(1)];
    this.x = new double[w.length];
  }

  static Neuron of(final Tensor features, final Tensor weights) {
    if (features.type().dtype() != DType.FLOAT32 || features.shape().rank() != 2) {
      throw GradusException.mismatch("features", "floats (rows, n)", features.type());
    }
    if (weights.type().dtype() != DType.FLOAT32 || weights.elements() != features.shape().dim(1)) {
      throw GradusException.mismatch(
          "weights of one neuron", features.shape().dim(1) + " floats", weights.type());
    }
    final Neuron neuron = new Neuron(features, weights);
    boolean zero = true;
    for (int i = 0; i < neuron.w.length; i++) {
      neuron.w[i] = weights.get(i);
      zero &= neuron.w[i] == 0;
    }
    if (zero) {
      throw GradusException.outOfRange("weights of one neuron", "one or more not 0", "all 0");
    }
    return neuron;
  }

  int rows() {
    return features.shape().dim(0);
  }

  /** Takes a row: y. */
  double activate(final long row) {
    for (int i = 0; i < x.length; i++) {
      x[i] = features.get(row * x.length + i);
    }
    return Vectors.dot(w, x);
  }

  /** {@code w += ofRow * x + ofWeights * w}. */
  void add(final double ofRow, final double ofWeights) {
    for (int i = 0; i < w.length; i++) {
      w[i] += ofRow * x[i] + ofWeights * w[i];
    }
  }

  void normalise() {
    final double length = Math.sqrt(Vectors.dot(w, w));
    for (int i = 0; i < w.length; i++) {
      w[i] /= length;
    }
  }

  void write(final String rule) {
    for (final double value : w) {
      if (!Float.isFinite((float) value)) {
        throw GradusException.outOfRange(
            "weight after a pass of " + rule, "a finite number, by a lower rate", value);
      }
    }
    for (int i = 0; i < w.length; i++) {
      weights.set(i, (float) w[i]);
    }
  }
}
