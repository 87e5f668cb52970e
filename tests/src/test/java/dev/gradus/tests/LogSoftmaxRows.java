package dev.gradus.tests;

import static dev.gradus.tests.Samples.batched;
import static dev.gradus.tests.Samples.fixed;
import static dev.gradus.tests.Samples.labels;

import dev.gradus.graph.Op;
import dev.gradus.graph.op.LogSoftmax;
import dev.gradus.graph.op.LogSoftmaxGradient;
import java.util.List;

/** Rows of {@link OpTable} for log-softmax and its gradient. */
final class LogSoftmaxRows {
  /** Roundings allowed for one exp or log: 4 ulp. */
  private static final double TRANSCENDENTAL = 8;

  private LogSoftmaxRows() {}

  static List<OpRow> rows() {
    return List.of(
        new OpRow(LogSoftmax.class, LogSoftmaxRows::logSoftmax)
            .samples(Samples.sameShape(new LogSoftmax(), List.of(Draw.normal())))
            .samples(Samples.sameShape(new LogSoftmax(), List.of(Draw.scaled(20))).subList(0, 8))
            .differentiable(0)
            .refuses(
                "rank of input of log_softmax mismatch: expected=2 or more, actual=[3]",
                new LogSoftmax(),
                fixed(3))
            .refuses(
                "element type of input of log_softmax mismatch: expected=FLOAT32, actual=INT32",
                new LogSoftmax(),
                labels(3)),
        new OpRow(LogSoftmaxGradient.class, LogSoftmaxRows::gradient)
            .samples(
                Samples.sameShape(
                    new LogSoftmaxGradient(),
                    List.of(Draw.each(x -> -Math.abs(3 * x)), Draw.normal())))
            .differentiable(0, 1)
            .refuses(
                "second input of log_softmax_gradient mismatch: expected=f32[N,3],"
                    + " actual=f32[N,4]",
                new LogSoftmaxGradient(),
                batched(3),
                batched(4)));
  }

  /**
   * Bound: {@code x - max} is rounded, before exp and in the result; the sum of n exponentials is
   * off by their mean error and n roundings, its logarithm by as much absolutely.
   */
  static List<RealTensor> logSoftmax(final Op op, final List<RealTensor> inputs) {
    final RealTensor x = inputs.get(0);
    final RealTensor y = RealTensor.zeros(x.shape());
    final int n = x.columns();
    for (int row = 0; row < x.vectors(); row++) {
      double max = Double.NEGATIVE_INFINITY;
      for (int i = 0; i < n; i++) {
        max = Math.max(max, x.at(row, i));
      }
      double sum = 0;
      double sumError = 0;
      for (int i = 0; i < n; i++) {
        final double term = Math.exp(x.at(row, i) - max);
        sum += term;
        sumError += term * (max - x.at(row, i));
      }
      final double log = Math.log(sum);
      final double logError = sumError / sum + n + TRANSCENDENTAL * (1 + log);
      for (int i = 0; i < n; i++) {
        final double value = x.at(row, i) - max - log;
        final double error = (max - x.at(row, i)) + logError + Math.abs(value);
        y.set(row * n + i, value, error);
      }
    }
    return List.of(y);
  }

  static List<RealTensor> gradient(final Op op, final List<RealTensor> inputs) {
    final RealTensor y = inputs.get(0);
    final RealTensor dY = inputs.get(1);
    final RealTensor dX = RealTensor.zeros(y.shape());
    final int n = y.columns();
    for (int row = 0; row < y.vectors(); row++) {
      double sum = 0;
      double magnitude = 0;
      for (int i = 0; i < n; i++) {
        sum += dY.at(row, i);
        magnitude += Math.abs(dY.at(row, i));
      }
      for (int i = 0; i < n; i++) {
        final double p = Math.exp(y.at(row, i));
        final double value = dY.at(row, i) - p * sum;
        final double error =
            p * (n * magnitude + (TRANSCENDENTAL + 1) * Math.abs(sum)) + Math.abs(value);
        dX.set(row * n + i, value, error);
      }
    }
    return List.of(dX);
  }
}
