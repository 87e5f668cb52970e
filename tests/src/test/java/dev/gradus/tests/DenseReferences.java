package dev.gradus.tests;

import dev.gradus.gemm.Epilogue;
import dev.gradus.graph.Op;
import dev.gradus.graph.op.Activate;
import dev.gradus.graph.op.ActivateGradient;
import dev.gradus.graph.op.FusedMatMul;
import dev.gradus.graph.op.MatMul;
import dev.gradus.memory.Shape;
import java.util.List;

/** Matrix products, biases and activations in double precision. */
final class DenseReferences {
  private DenseReferences() {}

  static List<RealTensor> matMul(final Op op, final List<RealTensor> inputs) {
    return List.of(product((MatMul) op, inputs.get(0), inputs.get(1)));
  }

  /**
   * Bound: a sum of k products, in whatever order, is off by at most k roundings of the sum of
   * their magnitudes.
   */
  private static RealTensor product(final MatMul op, final RealTensor a, final RealTensor b) {
    final int m = op.transposeA() ? a.columns() : a.vectors();
    final int k = terms(op, a);
    final int n = op.transposeB() ? b.vectors() : b.columns();
    final RealTensor c = RealTensor.zeros(op.transposeA() ? Shape.of(m, n) : a.shape().withLast(n));
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < n; j++) {
        double sum = 0;
        double magnitude = 0;
        for (int p = 0; p < k; p++) {
          final double term =
              (op.transposeA() ? a.at(p, i) : a.at(i, p))
                  * (op.transposeB() ? b.at(j, p) : b.at(p, j));
          sum += term;
          magnitude += Math.abs(term);
        }
        c.set(i * n + j, sum, (k + 2) * magnitude);
      }
    }
    return c;
  }

  /** The products that each element of a matrix product adds up. */
  private static int terms(final MatMul op, final RealTensor a) {
    return op.transposeA() ? a.vectors() : a.columns();
  }

  static List<RealTensor> fusedMatMul(final Op op, final List<RealTensor> inputs) {
    final FusedMatMul fused = (FusedMatMul) op;
    final Epilogue epilogue = fused.epilogue();
    final RealTensor c = product(fused.product(), inputs.get(0), inputs.get(1));
    for (int i = 0; i < c.length(); i++) {
      if (epilogue.kind() == Epilogue.Kind.GRADIENT) {
        final ActivationReference f = ActivationReference.of(epilogue.activation());
        final double y = inputs.get(2).at(i);
        final double slope = f.derivative().applyAsDouble(y);
        final double error =
            c.bound(i) * Math.abs(slope)
                + Math.abs(c.at(i)) * (f.derivativeBound().applyAsDouble(y) + Math.abs(slope));
        c.set(i, c.at(i) * slope, error);
      } else {
        final double bias = epilogue.bias() ? inputs.get(2).at(i % c.columns()) : 0;
        final double sum = c.at(i) + bias;
        // A chain may start from the bias: it then takes part in every rounding.
        final double error =
            c.bound(i) + (terms(fused.product(), inputs.get(0)) + 2) * Math.abs(bias);
        final RealTensor y = RealTensor.zeros(Shape.of(1));
        activate(epilogue.activation(), sum, error, y, 0);
        c.set(i, y.at(0), y.bound(0));
      }
    }
    return List.of(c);
  }

  static void activate(
      final dev.gradus.kernel.Activation activation,
      final double x,
      final double error,
      final RealTensor out,
      final int index) {
    if (activation == null) {
      out.set(index, x, error);
      return;
    }
    final ActivationReference f = ActivationReference.of(activation);
    final double y = f.function().applyAsDouble(x);
    out.set(index, y, error * f.steepest().applyAsDouble(x) + f.functionBound() * Math.abs(y));
  }

  static List<RealTensor> activation(final Op op, final List<RealTensor> inputs) {
    final RealTensor x = inputs.get(0);
    final RealTensor y = RealTensor.zeros(x.shape());
    for (int i = 0; i < x.length(); i++) {
      activate(((Activate) op).function(), x.at(i), 0, y, i);
    }
    return List.of(y);
  }

  static List<RealTensor> activationGradient(final Op op, final List<RealTensor> inputs) {
    final ActivationReference f = ActivationReference.of(((ActivateGradient) op).function());
    final RealTensor y = inputs.get(0);
    final RealTensor dY = inputs.get(1);
    final RealTensor dX = RealTensor.zeros(y.shape());
    for (int i = 0; i < y.length(); i++) {
      final double slope = f.derivative().applyAsDouble(y.at(i));
      final double error = f.derivativeBound().applyAsDouble(y.at(i)) + Math.abs(slope);
      dX.set(i, dY.at(i) * slope, Math.abs(dY.at(i)) * error);
    }
    return List.of(dX);
  }

  /** One rounding. */
  static List<RealTensor> add(final Op op, final List<RealTensor> inputs) {
    final RealTensor sum = RealTensor.zeros(inputs.get(0).shape());
    for (int i = 0; i < sum.length(); i++) {
      final double value = inputs.get(0).at(i) + inputs.get(1).at(i);
      sum.set(i, value, Math.abs(value));
    }
    return List.of(sum);
  }

  /** One rounding. */
  static List<RealTensor> multiply(final Op op, final List<RealTensor> inputs) {
    final RealTensor product = RealTensor.zeros(inputs.get(0).shape());
    for (int i = 0; i < product.length(); i++) {
      final double value = inputs.get(0).at(i) * inputs.get(1).at(i);
      product.set(i, value, Math.abs(value));
    }
    return List.of(product);
  }

  /** One rounding. */
  static List<RealTensor> addBias(final Op op, final List<RealTensor> inputs) {
    final RealTensor x = inputs.get(0);
    final RealTensor sum = RealTensor.zeros(x.shape());
    for (int i = 0; i < sum.length(); i++) {
      final double value = x.at(i) + inputs.get(1).at(i % x.columns());
      sum.set(i, value, Math.abs(value));
    }
    return List.of(sum);
  }

  /** A copy: exact. */
  static List<RealTensor> broadcastRows(final Op op, final List<RealTensor> inputs) {
    final RealTensor rows = RealTensor.zeros(inputs.get(1).shape());
    for (int i = 0; i < rows.length(); i++) {
      rows.set(i, inputs.get(0).at(i % rows.columns()), 0);
    }
    return List.of(rows);
  }

  /** A sum of as many terms as there are vectors, in whatever order. */
  static List<RealTensor> columnSum(final Op op, final List<RealTensor> inputs) {
    final RealTensor x = inputs.get(0);
    final RealTensor sums = RealTensor.zeros(Shape.of(x.columns()));
    for (int column = 0; column < x.columns(); column++) {
      double sum = 0;
      double magnitude = 0;
      for (int row = 0; row < x.vectors(); row++) {
        sum += x.at(row, column);
        magnitude += Math.abs(x.at(row, column));
      }
      sums.set(column, sum, x.vectors() * magnitude);
    }
    return List.of(sums);
  }
}
