package dev.gradus.train;

import dev.gradus.memory.GradusException;
import dev.gradus.memory.Tensor;
import dev.gradus.plan.GradientPlan;

/** The loss of a plan as a function of all its learned parameters, as one vector. */
final class Objective {
  private final GradientPlan plan;
  private final int rows;
  private final Tensor[] parameters;
  private final Tensor[] gradients;
  private final int size;
  private long runs;

  Objective(final GradientPlan plan, final int rows, final int iterations) {
    if (iterations < 1) {
      throw GradusException.outOfRange("iterations", "1 or more", iterations);
    }
    if (plan.changingLayer() != null) {
      throw GradusException.mismatch(
          "network of a full-batch method",
          "layers whose output depends on parameters and input alone",
          plan.changingLayer());
    }
    this.plan = plan;
    this.rows = rows;
    this.parameters = new Tensor[plan.names().size()];
    this.gradients = new Tensor[parameters.length];
    long elements = 0;
    int next = 0;
    for (final String name : plan.names()) {
      parameters[next] = plan.parameter(name);
      gradients[next] = plan.gradient(name);
      elements += parameters[next].elements();
      next++;
    }
    if (elements > Integer.MAX_VALUE / Double.BYTES) {
      throw GradusException.outOfRange(
          "parameters of a full-batch method",
          "at most " + Integer.MAX_VALUE / Double.BYTES,
          elements);
    }
    this.size = (int) elements;
  }

  /** The number of parameters. */
  int size() {
    return size;
  }

  long runs() {
    return runs;
  }

  /** Copies the parameters out. */
  void read(final double[] x) {
    copy(parameters, x);
  }

  /** Sets the parameters and leaves in x what they were rounded to. */
  void write(final double[] x) {
    int next = 0;
    for (final Tensor parameter : parameters) {
      for (long i = 0; i < parameter.elements(); i++) {
        final float rounded = (float) x[next];
        parameter.set(i, rounded);
        x[next++] = rounded;
      }
    }
  }

  /** The loss of the parameters as they are. */
  double loss() {
    runs++;
    return plan.runLoss(rows);
  }

  /** The loss of the parameters as they are, with its gradient. */
  double loss(final double[] gradient) {
    runs++;
    final float loss = plan.run(rows);
    copy(gradients, gradient);
    return loss;
  }

  /** The gradient of the loss of the first row alone. */
  void firstRowGradient(final double[] gradient) {
    runs++;
    plan.run(1);
    copy(gradients, gradient);
  }

  private static void copy(final Tensor[] tensors, final double[] to) {
    int next = 0;
    for (final Tensor tensor : tensors) {
      for (long i = 0; i < tensor.elements(); i++) {
        to[next++] = tensor.get(i);
      }
    }
  }

  /** A loss to start from. */
  static double requireFinite(final double loss) {
    if (!Double.isFinite(loss)) {
      throw GradusException.outOfRange("loss at the start", "a finite number", loss);
    }
    return loss;
  }

  FullBatch.Result result(final double loss, final int iterations, final String reason) {
    return new FullBatch.Result(loss, iterations, runs, reason);
  }
}
