package dev.gradus.train;

import dev.gradus.plan.GradientPlan;

/**
 * Nonlinear conjugate gradients: {@code d = -g + beta d}, {@code beta = max(0, g (g - g0) / g0
 * g0)}, and a line search under the strong Wolfe conditions. Keeps five vectors of all parameters.
 *
 * <p>Source: Polak and Ribiere 1969, with Powell's restart where beta is negative, 1986.
 *
 * @param tolerance ends where no element of the gradient is larger than this, 0 or more.
 */
public record ConjugateGradient(double tolerance) implements FullBatch {
  private static final double CURVATURE = 0.1;

  public ConjugateGradient {
    Settings.requireTolerance(tolerance);
  }

  /** To a gradient of 1e-7. */
  public ConjugateGradient() {
    this(1e-7);
  }

  @Override
  public String name() {
    return "cg";
  }

  @Override
  public Result minimise(final GradientPlan plan, final int rows, final int iterations) {
    final Objective objective = new Objective(plan, rows, iterations);
    final LineSearch line = new LineSearch(objective, CURVATURE);
    final double[] direction = new double[objective.size()];
    final double[] before = new double[objective.size()];
    line.steepest(direction);
    double first = line.firstStep();
    boolean steepest = true;
    for (int iteration = 0; iteration < iterations; iteration++) {
      if (Vectors.largest(line.gradient()) <= tolerance) {
        return objective.result(line.loss(), iteration, Settings.FLAT);
      }
      final double slope = slope(line, direction);
      System.arraycopy(line.gradient(), 0, before, 0, before.length);
      if (line.advance(direction, first)) {
        steepest = turn(line, before, direction);
        // The loss is taken to fall by as much again.
        first = steepest ? line.firstStep() : line.step() * slope / slope(line, direction);
      } else if (steepest) {
        return objective.result(line.loss(), iteration, Settings.LOWEST);
      } else {
        line.steepest(direction);
        first = line.firstStep();
        steepest = true;
      }
    }
    return objective.result(line.loss(), iterations, Settings.ITERATIONS);
  }

  private static double slope(final LineSearch line, final double[] direction) {
    return Vectors.dot(line.gradient(), direction);
  }

  /** Makes the next direction; tells whether it is that of steepest descent. */
  private static boolean turn(
      final LineSearch line, final double[] before, final double[] direction) {
    final double[] gradient = line.gradient();
    final double beta =
        (Vectors.dot(gradient, gradient) - Vectors.dot(gradient, before))
            / Vectors.dot(before, before);
    for (int i = 0; i < direction.length; i++) {
      direction[i] = beta * direction[i] - gradient[i];
    }
    if (beta > 0 && slope(line, direction) < 0) {
      return false;
    }
    line.steepest(direction);
    return true;
  }
}
