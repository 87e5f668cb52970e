package dev.gradus.bench.peers;

import static dev.gradus.bench.peers.MlpTask.CLASSES;
import static dev.gradus.bench.peers.MlpTask.HIDDEN;
import static dev.gradus.bench.peers.MlpTask.INPUTS;

/**
 * The task in double precision, straight from the equations: {@code h = relu(x W1 + b1)}, {@code z
 * = h W2 + b2}, {@code loss = mean(-log softmax(z)[label])}.
 *
 * <p>Adam: Kingma and Ba, 2015, algorithm 1.
 */
final class ReferenceMlp {
  private final MlpTask task;
  private final double[] features;
  private final double[][] parameters; // W1, b1, W2, b2
  private final double[][] first; // Adam's moments
  private final double[][] second;
  private int steps;

  ReferenceMlp(final MlpTask task) {
    this.task = task;
    this.features = widen(task.features);
    this.parameters =
        new double[][] {
          widen(task.weights1), widen(task.bias1), widen(task.weights2), widen(task.bias2)
        };
    this.first = zerosLike(parameters);
    this.second = zerosLike(parameters);
  }

  /** The logits, (batch, CLASSES). */
  double[] logits() {
    return layer(hidden(), HIDDEN, parameters[2], parameters[3], CLASSES);
  }

  /** One step with the task's checked rate; returns the loss before the update. */
  double step() {
    final int batch = task.batch;
    final double[] hidden = hidden();
    final double[] logits = layer(hidden, HIDDEN, parameters[2], parameters[3], CLASSES);
    final double[] dLogits = new double[batch * CLASSES];
    double loss = 0;
    for (int r = 0; r < batch; r++) {
      loss += lossOfRow(logits, dLogits, r) / batch;
    }
    final double[][] gradients = zerosLike(parameters);
    accumulate(hidden, HIDDEN, dLogits, CLASSES, gradients[2], gradients[3]);
    final double[] dHidden = new double[batch * HIDDEN];
    for (int r = 0; r < batch; r++) {
      for (int h = 0; h < HIDDEN; h++) {
        double sum = 0;
        for (int c = 0; c < CLASSES; c++) {
          sum += dLogits[r * CLASSES + c] * parameters[2][h * CLASSES + c];
        }
        dHidden[r * HIDDEN + h] = hidden[r * HIDDEN + h] > 0 ? sum : 0;
      }
    }
    accumulate(features, INPUTS, dHidden, HIDDEN, gradients[0], gradients[1]);
    update(gradients);
    return loss;
  }

  private double lossOfRow(final double[] logits, final double[] dLogits, final int row) {
    double max = Double.NEGATIVE_INFINITY;
    for (int c = 0; c < CLASSES; c++) {
      max = Math.max(max, logits[row * CLASSES + c]);
    }
    double sum = 0;
    for (int c = 0; c < CLASSES; c++) {
      sum += Math.exp(logits[row * CLASSES + c] - max);
    }
    final int label = task.labels[row];
    for (int c = 0; c < CLASSES; c++) {
      final double p = Math.exp(logits[row * CLASSES + c] - max) / sum;
      dLogits[row * CLASSES + c] = (p - (c == label ? 1 : 0)) / task.batch;
    }
    return Math.log(sum) + max - logits[row * CLASSES + label];
  }

  private double[] hidden() {
    final double[] hidden = layer(features, INPUTS, parameters[0], parameters[1], HIDDEN);
    for (int i = 0; i < hidden.length; i++) {
      hidden[i] = Math.max(0, hidden[i]);
    }
    return hidden;
  }

  /** {@code x w + b}, (batch, out). */
  private double[] layer(
      final double[] x, final int in, final double[] w, final double[] b, final int out) {
    final double[] y = new double[task.batch * out];
    for (int r = 0; r < task.batch; r++) {
      System.arraycopy(b, 0, y, r * out, out);
      for (int i = 0; i < in; i++) {
        final double factor = x[r * in + i];
        for (int o = 0; o < out; o++) {
          y[r * out + o] += factor * w[i * out + o];
        }
      }
    }
    return y;
  }

  /** {@code dW += x^T dY, db += column sums of dY}. */
  private void accumulate(
      final double[] x,
      final int in,
      final double[] dY,
      final int out,
      final double[] dW,
      final double[] dB) {
    for (int r = 0; r < task.batch; r++) {
      for (int o = 0; o < out; o++) {
        dB[o] += dY[r * out + o];
      }
      for (int i = 0; i < in; i++) {
        final double factor = x[r * in + i];
        for (int o = 0; o < out; o++) {
          dW[i * out + o] += factor * dY[r * out + o];
        }
      }
    }
  }

  private void update(final double[][] gradients) {
    steps++;
    final double rate = task.checkedRate();
    final double correction1 = 1 - Math.pow(MlpTask.BETA1, steps);
    final double correction2 = 1 - Math.pow(MlpTask.BETA2, steps);
    for (int p = 0; p < parameters.length; p++) {
      for (int i = 0; i < parameters[p].length; i++) {
        final double g = gradients[p][i];
        if (!task.adam()) {
          parameters[p][i] -= rate * g;
          continue;
        }
        first[p][i] = MlpTask.BETA1 * first[p][i] + (1 - MlpTask.BETA1) * g;
        second[p][i] = MlpTask.BETA2 * second[p][i] + (1 - MlpTask.BETA2) * g * g;
        final double root = Math.sqrt(second[p][i] / correction2) + MlpTask.EPSILON;
        parameters[p][i] -= rate * first[p][i] / correction1 / root;
      }
    }
  }

  private static double[] widen(final float[] values) {
    final double[] wide = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      wide[i] = values[i];
    }
    return wide;
  }

  private static double[][] zerosLike(final double[][] arrays) {
    final double[][] zeros = new double[arrays.length][];
    for (int i = 0; i < arrays.length; i++) {
      zeros[i] = new double[arrays[i].length];
    }
    return zeros;
  }
}
