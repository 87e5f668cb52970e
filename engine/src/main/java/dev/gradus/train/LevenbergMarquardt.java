package dev.gradus.train;

import dev.gradus.memory.GradusException;
import dev.gradus.memory.Tensor;
import dev.gradus.plan.GradientPlan;

/**
 * Levenberg-Marquardt, for mean squared error alone: {@code (J'J + mu I) d = -J'r} with residuals r
 * and their Jacobian J, solved in double precision. A step that does not lower the loss is taken
 * back and mu grows; after one that does, mu shrinks: from steepest descent to Gauss and Newton.
 *
 * <p>Each row of J takes a run of one sample, and J'J the square of the number of parameters: for
 * small networks, where nothing else gets as low. Each output of a row has to depend on that row
 * alone: without batch normalisation.
 *
 * <p>Source: Marquardt 1963; Hagan and Menhaj, "Training feedforward networks with the Marquardt
 * algorithm", 1994, whose settings these are.
 *
 * @param damping mu at the start, above 0.
 * @param decrease its factor after a step that lowers the loss, above 0, below 1.
 * @param increase its factor after one that does not, above 1.
 * @param tolerance ends where no element of the gradient is larger than this, 0 or more.
 */
public record LevenbergMarquardt(double damping, double decrease, double increase, double tolerance)
    implements FullBatch {
  /** The most parameters: J'J then takes 200 MB of heap. */
  public static final int MOST_PARAMETERS = 5_000;

  private static final double MOST_DAMPING = 1e10;

  public LevenbergMarquardt {
    Settings.requirePositive("damping", damping);
    if (!(decrease > 0 && decrease < 1)) {
      throw GradusException.outOfRange("decrease of damping", "above 0, below 1", decrease);
    }
    if (!(increase > 1 && increase < Double.POSITIVE_INFINITY)) {
      throw GradusException.outOfRange("increase of damping", "above 1", increase);
    }
    Settings.requireTolerance(tolerance);
  }

  /** Damping from 1e-3, by factors of 0.1 and 10, to a gradient of 1e-7. */
  public LevenbergMarquardt() {
    this(1e-3, 0.1, 10, 1e-7);
  }

  @Override
  public String name() {
    return "lm";
  }

  /**
   * Changes the parameters.
   *
   * @throws GradusException as others do, and for another loss than mean squared error, negative
   *     weights of samples or more than {@value #MOST_PARAMETERS} parameters.
   */
  @Override
  public Result minimise(final GradientPlan plan, final int rows, final int iterations) {
    if (!plan.loss().name().equals("mse")) {
      throw GradusException.mismatch("loss of Levenberg-Marquardt", "mse", plan.loss().name());
    }
    final Objective objective = new Objective(plan, rows, iterations);
    final int size = objective.size();
    if (size > MOST_PARAMETERS) {
      throw GradusException.outOfRange(
          "parameters of Levenberg-Marquardt", "at most " + MOST_PARAMETERS, size);
    }
    final double[] x = new double[size];
    final double[] trial = new double[size];
    final NormalEquations equations = new NormalEquations(plan, rows, objective);
    objective.read(x);
    double loss = Objective.requireFinite(objective.loss());
    requireWeights(plan.weights(), rows);
    double mu = damping;
    for (int iteration = 0; iteration < iterations; iteration++) {
      equations.fill();
      if (Vectors.largest(equations.gradient()) <= tolerance) {
        return objective.result(loss, iteration, Settings.FLAT);
      }
      double reached = Double.NaN;
      while (!(reached < loss)) {
        if (mu > MOST_DAMPING) {
          return objective.result(loss, iteration, Settings.LOWEST);
        }
        System.arraycopy(x, 0, trial, 0, size);
        if (equations.step(mu, trial)) {
          objective.write(trial);
          reached = objective.loss();
        }
        if (!(reached < loss)) {
          objective.write(x);
          mu *= increase;
        }
      }
      System.arraycopy(trial, 0, x, 0, size);
      loss = reached;
      mu = Math.max(mu * decrease, Double.MIN_NORMAL);
    }
    return objective.result(loss, iterations, Settings.ITERATIONS);
  }

  private static void requireWeights(final Tensor weights, final int rows) {
    for (int row = 0; row < rows; row++) {
      if (weights.get(row) < 0) {
        throw GradusException.outOfRange(
            "weight of row " + row + " for Levenberg-Marquardt", "0 or more", weights.get(row));
      }
    }
  }
}
