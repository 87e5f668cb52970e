package dev.gradus.train;

import dev.gradus.kernel.Philox;
import dev.gradus.memory.GradusException;
import dev.gradus.plan.GradientPlan;

/**
 * Simulated annealing: goes to {@code x + deviation * normal} where the loss is lower, and with
 * probability {@code exp(-rise / temperature)} where it is not; the temperature falls by a factor
 * in each iteration. Needs no gradients; the same seed gives the same bits.
 *
 * <p>Source: Kirkpatrick, Gelatt and Vecchi, "Optimization by simulated annealing", 1983.
 *
 * @param seed of the random numbers.
 * @param deviation above 0.
 * @param temperature at the start, in units of the loss, above 0.
 * @param cooling its factor, above 0, up to 1.
 */
public record SimulatedAnnealing(long seed, double deviation, double temperature, double cooling)
    implements FullBatch {

  public SimulatedAnnealing {
    Settings.requirePositive("deviation", deviation);
    Settings.requirePositive("temperature", temperature);
    if (!(cooling > 0 && cooling <= 1)) {
      throw GradusException.outOfRange("cooling", "above 0, up to 1", cooling);
    }
  }

  @Override
  public String name() {
    return "anneal";
  }

  /**
   * Changes the parameters; an iteration is a run without gradients. They end as the best seen, not
   * the last.
   *
   * @throws GradusException as others do.
   */
  @Override
  public Result minimise(final GradientPlan plan, final int rows, final int iterations) {
    final Objective objective = new Objective(plan, rows, iterations);
    final double[] x = new double[objective.size()];
    final double[] trial = new double[objective.size()];
    objective.read(x);
    final double[] best = x.clone();
    double loss = Objective.requireFinite(objective.loss());
    double lowest = loss;
    double heat = temperature;
    for (int iteration = 0; iteration < iterations; iteration++) {
      for (int i = 0; i < x.length; i++) {
        trial[i] = x[i] + deviation * Philox.normal(seed, 2L * iteration, i);
      }
      objective.write(trial);
      final double reached = objective.loss();
      final double draw = Philox.uniform(seed, 2L * iteration + 1, 0);
      // A NaN is never taken: no comparison with it holds.
      if (reached < loss || draw < StrictMath.exp((loss - reached) / heat)) {
        System.arraycopy(trial, 0, x, 0, x.length);
        loss = reached;
      }
      if (loss < lowest) {
        System.arraycopy(x, 0, best, 0, x.length);
        lowest = loss;
      }
      heat = Math.max(heat * cooling, Double.MIN_NORMAL);
    }
    objective.write(best);
    return objective.result(lowest, iterations, Settings.ITERATIONS);
  }
}
