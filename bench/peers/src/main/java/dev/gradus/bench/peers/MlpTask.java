package dev.gradus.bench.peers;

import java.util.SplittableRandom;

/**
 * The work every contender is given: the network 784-256-10 with ReLU between the layers, softmax
 * cross-entropy averaged over the batch, and one resident batch of noise with random labels.
 * Matrices are row-major, weights (inputs, outputs).
 */
final class MlpTask {
  static final int INPUTS = 784;
  static final int HIDDEN = 256;
  static final int CLASSES = 10;

  static final double BETA1 = 0.9;
  static final double BETA2 = 0.999;
  static final double EPSILON = 1e-8;

  /**
   * The rate of the timed steps: so small that no weight moves. Every step does all its arithmetic
   * on the same numbers, so that no contender drifts into a converged network and its denormals.
   */
  static final double TIMED_RATE = 1e-12;

  private static final long SEED = 20260101;

  final String optimizer;
  final int batch;
  final float[] features; // (batch, INPUTS)
  final int[] labels; // (batch)
  final float[] weights1; // (INPUTS, HIDDEN)
  final float[] bias1; // (HIDDEN)
  final float[] weights2; // (HIDDEN, CLASSES)
  final float[] bias2; // (CLASSES)

  /** The same task for the same arguments. */
  MlpTask(final String optimizer, final int batch) {
    requireOptimizer(optimizer);
    final SplittableRandom random = new SplittableRandom(SEED);
    this.optimizer = optimizer;
    this.batch = batch;
    this.labels = new int[batch];
    for (int i = 0; i < batch; i++) {
      labels[i] = random.nextInt(CLASSES);
    }
    this.features = uniform(random, batch * INPUTS, 0, 1);
    this.weights1 = uniform(random, INPUTS * HIDDEN, -0.05, 0.05);
    this.bias1 = uniform(random, HIDDEN, -0.05, 0.05);
    this.weights2 = uniform(random, HIDDEN * CLASSES, -0.1, 0.1);
    this.bias2 = uniform(random, CLASSES, -0.1, 0.1);
  }

  /**
   * @throws IllegalArgumentException for a name that is none of the task's optimizers.
   */
  static void requireOptimizer(final String optimizer) {
    if (!optimizer.equals("sgd") && !optimizer.equals("adam")) {
      throw new IllegalArgumentException("optimizer: expected=sgd or adam, actual=" + optimizer);
    }
  }

  /** The rate of the steps that are checked: the loss moves by more than the tolerance. */
  double checkedRate() {
    return optimizer.equals("sgd") ? 1e-2 : 1e-3;
  }

  boolean adam() {
    return optimizer.equals("adam");
  }

  private static float[] uniform(
      final SplittableRandom random, final int count, final double low, final double high) {
    final float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextDouble(low, high);
    }
    return values;
  }

  /** A matrix (rows, columns) turned into (columns, rows). */
  static float[] transpose(final float[] matrix, final int rows, final int columns) {
    final float[] turned = new float[matrix.length];
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < columns; c++) {
        turned[c * rows + r] = matrix[r * columns + c];
      }
    }
    return turned;
  }
}
