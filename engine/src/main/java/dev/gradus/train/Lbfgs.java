package dev.gradus.train;

import dev.gradus.memory.GradusException;
import dev.gradus.plan.GradientPlan;

/**
 * L-BFGS: Newton's method with a curvature guessed from the last steps s and the changes y of the
 * gradient they made, {@code d = -H g}, and a line search under the strong Wolfe conditions.
 *
 * <p>Source: Nocedal, "Updating quasi-Newton matrices with limited storage", 1980: the two loops
 * over the history.
 *
 * @param history how many steps to keep, 1 or more; each takes two vectors of all parameters.
 * @param tolerance ends where no element of the gradient is larger than this, 0 or more.
 */
public record Lbfgs(int history, double tolerance) implements FullBatch {
  private static final double CURVATURE = 0.9;

  public Lbfgs {
    if (history < 1) {
      throw GradusException.outOfRange("history of L-BFGS", "1 or more", history);
    }
    Settings.requireTolerance(tolerance);
  }

  /** A history of 10, to a gradient of 1e-7. */
  public Lbfgs() {
    this(10, 1e-7);
  }

  @Override
  public String name() {
    return "lbfgs";
  }

  @Override
  public Result minimise(final GradientPlan plan, final int rows, final int iterations) {
    final Objective objective = new Objective(plan, rows, iterations);
    final LineSearch line = new LineSearch(objective, CURVATURE);
    final History past = new History(Math.min(history, iterations), objective.size());
    final double[] direction = new double[objective.size()];
    for (int iteration = 0; iteration < iterations; iteration++) {
      if (Vectors.largest(line.gradient()) <= tolerance) {
        return objective.result(line.loss(), iteration, Settings.FLAT);
      }
      line.steepest(direction);
      past.apply(direction);
      if (Vectors.dot(direction, line.gradient()) >= 0) {
        past.clear(); // rounding has turned it upwards
        line.steepest(direction);
      }
      past.begin(line);
      if (!line.advance(direction, past.isEmpty() ? line.firstStep() : 1)) {
        if (past.isEmpty()) {
          return objective.result(line.loss(), iteration, Settings.LOWEST);
        }
        past.clear(); // once more from here, straight down
      } else {
        past.end(line);
      }
    }
    return objective.result(line.loss(), iterations, Settings.ITERATIONS);
  }

  /** The last steps, in a ring that has one place more: where the next one is made. */
  private static final class History {
    private final double[][] steps;
    private final double[][] changes;
    private final double[] products;
    private final double[] factors;
    private int count;
    private int next;

    History(final int most, final int size) {
      steps = new double[most + 1][size];
      changes = new double[most + 1][size];
      products = new double[most + 1];
      factors = new double[most + 1];
    }

    boolean isEmpty() {
      return count == 0;
    }

    void clear() {
      count = 0;
    }

    /** Before a step. */
    void begin(final LineSearch line) {
      System.arraycopy(line.x(), 0, steps[next], 0, steps[next].length);
      System.arraycopy(line.gradient(), 0, changes[next], 0, changes[next].length);
    }

    /** After it. Kept only where the curvature it met is positive, so that H stays so. */
    void end(final LineSearch line) {
      for (int i = 0; i < steps[next].length; i++) {
        steps[next][i] = line.x()[i] - steps[next][i];
        changes[next][i] = line.gradient()[i] - changes[next][i];
      }
      products[next] = Vectors.dot(steps[next], changes[next]);
      if (products[next] > 1e-12 * Vectors.dot(changes[next], changes[next])) {
        next = (next + 1) % steps.length;
        count = Math.min(count + 1, steps.length - 1);
      }
    }

    /** Multiplies with H. */
    void apply(final double[] direction) {
      for (int back = 1; back <= count; back++) {
        final int i = Math.floorMod(next - back, steps.length);
        factors[i] = Vectors.dot(steps[i], direction) / products[i];
        Vectors.add(direction, -factors[i], changes[i]);
      }
      if (count > 0) {
        final int last = Math.floorMod(next - 1, steps.length);
        final double scale = products[last] / Vectors.dot(changes[last], changes[last]);
        for (int i = 0; i < direction.length; i++) {
          direction[i] *= scale;
        }
      }
      for (int back = count; back >= 1; back--) {
        final int i = Math.floorMod(next - back, steps.length);
        final double factor = Vectors.dot(changes[i], direction) / products[i];
        Vectors.add(direction, factors[i] - factor, steps[i]);
      }
    }
  }
}
