package dev.gradus.train;

import dev.gradus.memory.DType;
import dev.gradus.memory.Tensor;
import dev.gradus.plan.GradientPlan;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * {@code J'J} and {@code J'r} of the mean squared error, scaled so that {@code 2 J'r} is its
 * gradient.
 *
 * <p>A row of J is the gradient of one output o_k of one sample. The plan gives it in a run of that
 * sample alone: with targets {@code t = o}, but {@code t_k = o_k - K / 2} of K outputs, the
 * gradient of the mean of {@code (o - t)^2} is that of o_k. For the time of it the sample takes the
 * place of the first one.
 */
final class NormalEquations {
  private final GradientPlan plan;
  private final Objective objective;
  private final int rows;
  private final int outputs;
  private final double[][] products; // (parameters, parameters), lower half
  private final double[][] factor; // likewise: Cholesky's
  private final double[] half; // (parameters)
  private final double[] jacobianRow; // (parameters)
  private final float[] predictions; // (rows, outputs)
  private final float[] targets; // (rows, outputs)

  NormalEquations(final GradientPlan plan, final int rows, final Objective objective) {
    this.plan = plan;
    this.objective = objective;
    this.rows = rows;
    this.outputs = Math.toIntExact(plan.output().elements() / plan.weights().elements());
    this.products = new double[objective.size()][objective.size()];
    this.factor = new double[objective.size()][objective.size()];
    this.half = new double[objective.size()];
    this.jacobianRow = new double[objective.size()];
    this.predictions = new float[rows * outputs];
    this.targets = new float[rows * outputs];
  }

  /** The gradient of the loss where {@link #fill} was called, halved. */
  double[] gradient() {
    return half;
  }

  /** Computes both for the parameters as they are. */
  void fill() {
    for (int i = 0; i < half.length; i++) {
      half[i] = 0;
      Arrays.fill(products[i], 0);
    }
    objective.loss();
    plan.output().copyTo(predictions);
    plan.target().copyTo(targets);
    final byte[] first = row(plan.input(), 0);
    final float weight = plan.weights().get(0);
    try {
      for (int row = 0; row < rows; row++) {
        final double scale =
            (row == 0 ? weight : plan.weights().get(row)) / ((double) rows * outputs);
        if (row > 0) {
          setFirstRow(plan.input(), row(plan.input(), row));
        }
        plan.weights().set(0, 1);
        for (int output = 0; output < outputs; output++) {
          add(row, output, scale);
        }
      }
    } finally {
      setFirstRow(plan.input(), first);
      plan.weights().set(0, weight);
      plan.target().copyFrom(targets);
    }
  }

  private void add(final int row, final int output, final double scale) {
    final int at = row * outputs;
    for (int k = 0; k < outputs; k++) {
      plan.target().set(k, predictions[at + k] - (k == output ? outputs / 2f : 0));
    }
    objective.firstRowGradient(jacobianRow);
    final double residual = (double) predictions[at + output] - targets[at + output];
    for (int i = 0; i < half.length; i++) {
      half[i] += scale * residual * jacobianRow[i];
      final double scaled = scale * jacobianRow[i];
      for (int j = 0; j <= i; j++) {
        products[i][j] += scaled * jacobianRow[j];
      }
    }
  }

  private byte[] row(final Tensor tensor, final int row) {
    final int bytes = rowBytes(tensor);
    final byte[] copy = new byte[bytes];
    MemorySegment.copy(tensor.segment(), ValueLayout.JAVA_BYTE, (long) row * bytes, copy, 0, bytes);
    return copy;
  }

  private void setFirstRow(final Tensor tensor, final byte[] row) {
    MemorySegment.copy(row, 0, tensor.segment(), ValueLayout.JAVA_BYTE, 0, row.length);
  }

  private int rowBytes(final Tensor tensor) {
    return Math.toIntExact(tensor.elements() / plan.weights().elements()) * DType.BYTES;
  }

  /**
   * Adds the step {@code -(J'J + mu I)^-1 J'r} to x, by Cholesky's factors.
   *
   * @return whether that matrix is positive definite in spite of rounding; if not, x is as before.
   */
  boolean step(final double mu, final double[] x) {
    for (int i = 0; i < half.length; i++) {
      for (int j = 0; j <= i; j++) {
        double sum = products[i][j] + (i == j ? mu : 0);
        for (int k = 0; k < j; k++) {
          sum -= factor[i][k] * factor[j][k];
        }
        if (i == j && !(sum > 0)) {
          return false;
        }
        factor[i][j] = i == j ? Math.sqrt(sum) : sum / factor[j][j];
      }
    }
    final double[] solution = jacobianRow; // free until the next fill
    for (int i = 0; i < half.length; i++) {
      double sum = -half[i];
      for (int k = 0; k < i; k++) {
        sum -= factor[i][k] * solution[k];
      }
      solution[i] = sum / factor[i][i];
    }
    for (int i = half.length - 1; i >= 0; i--) {
      double sum = solution[i];
      for (int k = i + 1; k < half.length; k++) {
        sum -= factor[k][i] * solution[k];
      }
      solution[i] = sum / factor[i][i];
    }
    Vectors.add(x, 1, solution);
    return true;
  }
}
