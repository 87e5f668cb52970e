package dev.gradus.train;

import dev.gradus.kernel.Philox;
import dev.gradus.memory.GradusException;
import dev.gradus.plan.GradientPlan;

/**
 * Random search: {@code x + deviation * normal}, kept where the loss is lower. The deviation
 * doubles when it is and shrinks by {@code 2^-1/4} when it isn't, so that one in five is. Needs no
 * gradients; the same seed gives the same bits.
 *
 * <p>Source: Rastrigin 1963; the one-fifth rule of Rechenberg, 1973.
 *
 * @param seed of the random numbers.
 * @param deviation at the start, above 0.
 */
public record RandomSearch(long seed, double deviation) implements FullBatch {
  private static final double GROW = 2;
  private static final double SHRINK = Math.sqrt(Math.sqrt(0.5));
  private static final String NARROW = "deviation too small for a float";

  public RandomSearch {
    Settings.requirePositive("deviation", deviation);
  }

  @Override
  public String name() {
    return "random";
  }

  /**
   * Changes the parameters; an iteration is a run without gradients.
   *
   * @throws GradusException as others do.
   */
  @Override
  public Result minimise(final GradientPlan plan, final int rows, final int iterations) {
    final Objective objective = new Objective(plan, rows, iterations);
    final double[] x = new double[objective.size()];
    final double[] trial = new double[objective.size()];
    objective.read(x);
    double loss = Objective.requireFinite(objective.loss());
    double spread = deviation;
    for (int iteration = 0; iteration < iterations; iteration++) {
      if (spread < Float.MIN_NORMAL) {
        return objective.result(loss, iteration, NARROW);
      }
      for (int i = 0; i < x.length; i++) {
        trial[i] = x[i] + spread * Philox.normal(seed, iteration, i);
      }
      objective.write(trial);
      final double reached = objective.loss();
      if (reached < loss) {
        System.arraycopy(trial, 0, x, 0, x.length);
        loss = reached;
        spread = Math.min(spread * GROW, Float.MAX_VALUE);
      } else {
        objective.write(x);
        spread *= SHRINK;
      }
    }
    return objective.result(loss, iterations, Settings.ITERATIONS);
  }
}
