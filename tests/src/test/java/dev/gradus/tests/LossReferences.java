package dev.gradus.tests;

import dev.gradus.graph.Op;
import dev.gradus.memory.Shape;
import java.util.List;

/** Softmax and losses in double precision. */
final class LossReferences {
  /** Roundings allowed for one exp or log: 4 ulp. */
  private static final double TRANSCENDENTAL = 8;

  private LossReferences() {}

  static List<RealTensor> softmax(final Op op, final List<RealTensor> inputs) {
    final RealTensor x = inputs.get(0);
    final RealTensor y = RealTensor.zeros(x.shape());
    for (int row = 0; row < x.vectors(); row++) {
      softmaxRow(x, row, y);
    }
    return List.of(y);
  }

  /**
   * The sum of a row's exp(x - max).
   *
   * @param error how far it may be off, relatively.
   */
  private record Partition(double sum, double error) {}

  /**
   * One row.
   *
   * <p>Bound: rounding x - max moves an exp by |x - max| roundings, exp itself adds its own; the
   * sum of n of them is off by their mean and n more.
   */
  private static Partition softmaxRow(final RealTensor x, final int row, final RealTensor y) {
    final int n = x.columns();
    final double max = max(x, row);
    double sum = 0;
    double sumError = 0;
    for (int i = 0; i < n; i++) {
      final double term = Math.exp(x.at(row, i) - max);
      sum += term;
      sumError += term * (max - x.at(row, i));
    }
    final double relative = sumError / sum + n + TRANSCENDENTAL;
    for (int i = 0; i < n; i++) {
      final double value = Math.exp(x.at(row, i) - max) / sum;
      final double error = (max - x.at(row, i)) + relative + TRANSCENDENTAL;
      y.set(row * n + i, value, value * error);
    }
    return new Partition(sum, relative);
  }

  private static double max(final RealTensor x, final int row) {
    double max = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < x.columns(); i++) {
      max = Math.max(max, x.at(row, i));
    }
    return max;
  }

  static List<RealTensor> softmaxGradient(final Op op, final List<RealTensor> inputs) {
    final RealTensor y = inputs.get(0);
    final RealTensor dY = inputs.get(1);
    final RealTensor dX = RealTensor.zeros(y.shape());
    final int n = y.columns();
    for (int row = 0; row < y.vectors(); row++) {
      double sum = 0;
      double magnitude = 0;
      for (int i = 0; i < n; i++) {
        sum += y.at(row, i) * dY.at(row, i);
        magnitude += Math.abs(y.at(row, i) * dY.at(row, i));
      }
      for (int i = 0; i < n; i++) {
        final double difference = dY.at(row, i) - sum;
        final double error = (n + 2) * magnitude + 2 * Math.abs(difference);
        dX.set(row * n + i, y.at(row, i) * difference, Math.abs(y.at(row, i)) * error);
      }
    }
    return List.of(dX);
  }

  /**
   * The loss of a row is log(sum) - (x - max): the error of the sum, of the log, and of the two
   * differences.
   */
  static List<RealTensor> softmaxCrossEntropy(final Op op, final List<RealTensor> inputs) {
    final RealTensor logits = inputs.get(0);
    final RealTensor labels = inputs.get(1);
    final RealTensor y = RealTensor.zeros(logits.shape());
    final int rows = logits.vectors();
    double sum = 0;
    double error = 0;
    for (int row = 0; row < rows; row++) {
      final int label = (int) labels.at(row);
      final Partition partition = softmaxRow(logits, row, y);
      final double below = max(logits, row) - logits.at(row, label);
      sum += Math.log(partition.sum) + below;
      error += partition.error + TRANSCENDENTAL * Math.log(partition.sum) + 2 * below;
    }
    final RealTensor loss = RealTensor.zeros(Shape.of(1));
    loss.set(0, sum / rows, (error + (rows + 1) * sum) / rows);
    return List.of(loss, y);
  }

  static List<RealTensor> softmaxCrossEntropyGradient(final Op op, final List<RealTensor> inputs) {
    final RealTensor y = inputs.get(0);
    final RealTensor labels = inputs.get(1);
    final double factor = inputs.get(2).at(0) / y.vectors();
    final RealTensor dLogits = RealTensor.zeros(y.shape());
    for (int i = 0; i < y.length(); i++) {
      final double one = i % y.columns() == (int) labels.at(i / y.columns()) ? 1 : 0;
      dLogits.set(i, (y.at(i) - one) * factor, 3 * (y.at(i) + one) * Math.abs(factor));
    }
    return List.of(dLogits);
  }

  /** All terms are positive: 3 roundings each, and as many as there are additions. */
  static List<RealTensor> meanSquaredError(final Op op, final List<RealTensor> inputs) {
    final RealTensor prediction = inputs.get(0);
    double sum = 0;
    for (int i = 0; i < prediction.length(); i++) {
      final double difference = prediction.at(i) - inputs.get(1).at(i);
      sum += difference * difference;
    }
    final double mean = sum / prediction.length();
    final RealTensor loss = RealTensor.zeros(Shape.of(1));
    loss.set(0, mean, (prediction.columns() + prediction.vectors() + 4) * mean);
    return List.of(loss);
  }

  static List<RealTensor> meanSquaredErrorGradient(final Op op, final List<RealTensor> inputs) {
    final RealTensor prediction = inputs.get(0);
    final RealTensor dPrediction = RealTensor.zeros(prediction.shape());
    final double factor = 2 * inputs.get(2).at(0) / prediction.length();
    for (int i = 0; i < prediction.length(); i++) {
      final double value = (prediction.at(i) - inputs.get(1).at(i)) * factor;
      dPrediction.set(i, value, 4 * Math.abs(value));
    }
    return List.of(dPrediction);
  }
}
