package dev.gradus.bench.peers;

/**
 * A task of dense layers in double precision, straight from the equations: {@code h = relu(x W +
 * b)}, the last layer without ReLU, and {@code loss = mean(-log softmax(z)[label])} or {@code
 * mean((z - target)^2)}.
 *
 * <p>Adam: Kingma and Ba, 2015, algorithm 1.
 */
final class ReferenceMlp {
  private final ModelTask task;
  private final int layers;
  private final double[][] parameters; // W, b of each layer
  private final double[][] first; // Adam's moments
  private final double[][] second;
  private int steps;

  ReferenceMlp(final ModelTask task) {
    this.task = task;
    this.layers = task.weights.length / 2;
    this.parameters = new double[task.weights.length][];
    for (int p = 0; p < parameters.length; p++) {
      parameters[p] = widen(task.weights[p]);
    }
    this.first = zerosLike(parameters);
    this.second = zerosLike(parameters);
  }

  /** The last layer's outputs, (batch, outputs). */
  double[] outputs() {
    return activations()[layers];
  }

  /** The features, then each layer's outputs. */
  private double[][] activations() {
    final double[][] values = new double[layers + 1][];
    values[0] = widen(task.features);
    for (int l = 0; l < layers; l++) {
      values[l + 1] = layer(values[l], l);
    }
    return values;
  }

  private int in(final int layer) {
    return (int) task.shapes[2 * layer][0];
  }

  private int out(final int layer) {
    return (int) task.shapes[2 * layer][1];
  }

  /** One step with the task's checked rate; returns the loss before the update. */
  double step() {
    final double[][] values = activations();
    final double[][] gradients = zerosLike(parameters);
    double[] dY = new double[values[layers].length];
    double loss = 0;
    for (int r = 0; r < task.batch; r++) {
      loss += lossOfRow(values[layers], dY, r);
    }
    for (int l = layers - 1; l >= 0; l--) {
      accumulate(values[l], dY, l, gradients[2 * l], gradients[2 * l + 1]);
      dY = l == 0 ? null : backward(values[l], dY, l);
    }
    update(gradients);
    return loss;
  }

  /** The row's part of the mean, and of its gradient. */
  private double lossOfRow(final double[] z, final double[] dZ, final int row) {
    final int columns = task.outputs;
    final int from = row * columns;
    if (task.labels == null) {
      double sum = 0;
      for (int c = from; c < from + columns; c++) {
        final double difference = z[c] - task.targets[c];
        dZ[c] = 2 * difference / z.length;
        sum += difference * difference / z.length;
      }
      return sum;
    }
    double max = Double.NEGATIVE_INFINITY;
    for (int c = from; c < from + columns; c++) {
      max = Math.max(max, z[c]);
    }
    double sum = 0;
    for (int c = from; c < from + columns; c++) {
      sum += Math.exp(z[c] - max);
    }
    final int label = from + task.labels[row];
    for (int c = from; c < from + columns; c++) {
      dZ[c] = (Math.exp(z[c] - max) / sum - (c == label ? 1 : 0)) / task.batch;
    }
    return (Math.log(sum) + max - z[label]) / task.batch;
  }

  private double[] layer(final double[] x, final int layer) {
    final int in = in(layer);
    final int out = out(layer);
    final double[] w = parameters[2 * layer];
    final double[] y = new double[task.batch * out];
    for (int r = 0; r < task.batch; r++) {
      System.arraycopy(parameters[2 * layer + 1], 0, y, r * out, out);
      for (int i = 0; i < in; i++) {
        final double factor = x[r * in + i];
        for (int o = 0; o < out; o++) {
          y[r * out + o] += factor * w[i * out + o];
        }
      }
      for (int o = r * out; o < (r + 1) * out && layer < layers - 1; o++) {
        y[o] = Math.max(0, y[o]);
      }
    }
    return y;
  }

  /** {@code dX = dY W^T}, through the ReLU whose outputs x are. */
  private double[] backward(final double[] x, final double[] dY, final int layer) {
    final int in = in(layer);
    final int out = out(layer);
    final double[] w = parameters[2 * layer];
    final double[] dX = new double[x.length];
    for (int r = 0; r < task.batch; r++) {
      for (int i = 0; i < in; i++) {
        double sum = 0;
        for (int o = 0; o < out; o++) {
          sum += dY[r * out + o] * w[i * out + o];
        }
        dX[r * in + i] = x[r * in + i] > 0 ? sum : 0;
      }
    }
    return dX;
  }

  /** {@code dW += x^T dY, db += column sums of dY}. */
  private void accumulate(
      final double[] x, final double[] dY, final int layer, final double[] dW, final double[] dB) {
    final int in = in(layer);
    final int out = out(layer);
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
    final double correction1 = 1 - Math.pow(ModelTask.BETA1, steps);
    final double correction2 = 1 - Math.pow(ModelTask.BETA2, steps);
    for (int p = 0; p < parameters.length; p++) {
      for (int i = 0; i < parameters[p].length; i++) {
        final double g = gradients[p][i];
        if (!task.adam()) {
          parameters[p][i] -= rate * g;
          continue;
        }
        first[p][i] = ModelTask.BETA1 * first[p][i] + (1 - ModelTask.BETA1) * g;
        second[p][i] = ModelTask.BETA2 * second[p][i] + (1 - ModelTask.BETA2) * g * g;
        final double root = Math.sqrt(second[p][i] / correction2) + ModelTask.EPSILON;
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
