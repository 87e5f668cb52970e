package dev.gradus.tests;

import dev.gradus.graph.Op;
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
    final RealTensor loss = RealTensor.zeros(logits.shape().withoutLast());
    for (int row = 0; row < loss.length(); row++) {
      final int label = (int) labels.at(row);
      final Partition partition = softmaxRow(logits, row, y);
      final double below = max(logits, row) - logits.at(row, label);
      final double log = Math.log(partition.sum);
      loss.set(row, log + below, partition.error + (TRANSCENDENTAL + 1) * log + 3 * below);
    }
    return List.of(loss, y);
  }

  static List<RealTensor> softmaxCrossEntropyGradient(final Op op, final List<RealTensor> inputs) {
    final RealTensor y = inputs.get(0);
    final RealTensor labels = inputs.get(1);
    final RealTensor dLogits = RealTensor.zeros(y.shape());
    for (int i = 0; i < y.length(); i++) {
      final double one = i % y.columns() == (int) labels.at(i / y.columns()) ? 1 : 0;
      final double factor = inputs.get(2).at(i / y.columns());
      dLogits.set(i, (y.at(i) - one) * factor, 3 * (y.at(i) + one) * Math.abs(factor));
    }
    return List.of(dLogits);
  }
}
