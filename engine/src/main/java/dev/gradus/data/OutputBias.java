package dev.gradus.data;

import dev.gradus.memory.DType;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.Tensor;

/**
 * Output biases with which an untrained network of small weights predicts what the targets are on
 * average, so that training need not begin with finding that out. For {@code
 * dev.gradus.nn.Initializers#values}.
 */
public final class OutputBias {
  private OutputBias() {}

  /**
   * The mean of each target, for regression.
   *
   * @param targets float (rows, ...).
   * @return one number for each target of a row.
   */
  public static float[] mean(final Tensor targets) {
    require(targets, DType.FLOAT32);
    final int rows = targets.shape().dim(0);
    final int columns = Math.toIntExact(targets.elements() / rows);
    final float[] bias = new float[columns];
    for (int c = 0; c < columns; c++) {
      double sum = 0;
      for (int r = 0; r < rows; r++) {
        sum += targets.get((long) r * columns + c);
      }
      bias[c] = (float) (sum / rows);
    }
    return bias;
  }

  /**
   * The logarithm of each class's share, for logits before softmax. A class is taken to come half a
   * time more often than it does, so that one without a sample has a finite bias.
   *
   * @param labels int (rows, ...), from 0 to {@code classes - 1}.
   */
  public static float[] logShares(final Tensor labels, final int classes) {
    require(labels, DType.INT32);
    if (classes < 1) {
      throw GradusException.outOfRange("classes of output bias", "1 or more", classes);
    }
    final double[] counts = new double[classes];
    for (long i = 0; i < labels.elements(); i++) {
      final int label = labels.getInt(i);
      if (label < 0 || label >= classes) {
        throw GradusException.outOfRange(
            "label " + i + " of output bias", "0 to " + (classes - 1), label);
      }
      counts[label]++;
    }
    final float[] bias = new float[classes];
    for (int c = 0; c < classes; c++) {
      bias[c] = (float) Math.log((counts[c] + 0.5) / (labels.elements() + 0.5 * classes));
    }
    return bias;
  }

  /**
   * The log-odds of each target's mean, for logits before a sigmoid. As in {@link #logShares}, both
   * outcomes are taken to come half a time more often.
   *
   * @param targets float (rows, ...), from 0 to 1.
   */
  public static float[] logOdds(final Tensor targets) {
    require(targets, DType.FLOAT32);
    for (long i = 0; i < targets.elements(); i++) {
      final float target = targets.get(i);
      if (!(target >= 0 && target <= 1)) {
        throw GradusException.outOfRange("target " + i + " of output bias", "0 to 1", target);
      }
    }
    final float[] bias = mean(targets);
    final int rows = targets.shape().dim(0);
    for (int c = 0; c < bias.length; c++) {
      final double positive = (double) bias[c] * rows + 0.5;
      bias[c] = (float) Math.log(positive / (rows + 1 - positive));
    }
    return bias;
  }

  private static void require(final Tensor tensor, final DType dtype) {
    if (tensor.type().dtype() != dtype) {
      throw GradusException.mismatch(
          "element type of targets of output bias", dtype, tensor.type().dtype());
    }
  }
}
