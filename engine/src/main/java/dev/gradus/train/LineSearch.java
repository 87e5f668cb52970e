package dev.gradus.train;

/**
 * Walks down a line from one point of an objective to a lower one: the state of methods that go
 * from point to point along directions of their own.
 *
 * <p>A step t along direction d is taken where the strong Wolfe conditions hold: {@code f(x + t d)
 * <= f(x) + 1e-4 t f'(x)d} and {@code |f'(x + t d)d| <= curvature |f'(x)d|}.
 *
 * <ul>
 *   <li>While the loss falls and still slopes down, the step doubles.
 *   <li>Then it is the minimum of the parabola through both losses and the lower end's slope, at
 *       least a tenth of the interval away from its ends.
 * </ul>
 *
 * <p>Source: Nocedal and Wright, "Numerical Optimization", 2006, algorithms 3.5 and 3.6.
 */
final class LineSearch {
  private static final double SUFFICIENT = 1e-4;
  private static final int TRIALS = 30;

  private final Objective objective;
  private final double curvature;
  private final double[] x;
  private final double[] gradient;
  private final double[] trial;
  private final double[] trialGradient;
  private double loss;
  private double step;

  /** Starts at the objective's parameters. */
  LineSearch(final Objective objective, final double curvature) {
    this.objective = objective;
    this.curvature = curvature;
    this.x = new double[objective.size()];
    this.gradient = new double[x.length];
    this.trial = new double[x.length];
    this.trialGradient = new double[x.length];
    objective.read(x);
    this.loss = Objective.requireFinite(objective.loss(gradient));
  }

  /** Where it stands. */
  double[] x() {
    return x;
  }

  /** The gradient there. */
  double[] gradient() {
    return gradient;
  }

  double loss() {
    return loss;
  }

  /** The last step taken, in lengths of its direction. */
  double step() {
    return step;
  }

  /**
   * Goes to a lower point.
   *
   * @param direction that slopes down.
   * @param first step to try, above 0.
   * @return whether there was one in reach; if not, all is as before.
   */
  boolean advance(final double[] direction, final double first) {
    final double slope = Vectors.dot(gradient, direction);
    double low = 0;
    double lowLoss = loss;
    double lowSlope = slope;
    double high = Double.POSITIVE_INFINITY;
    double highLoss = Double.POSITIVE_INFINITY;
    double next = first;
    for (int i = 0; i < TRIALS; i++) {
      final double trialLoss = evaluate(direction, next);
      final double trialSlope = Vectors.dot(trialGradient, direction);
      if (!(trialLoss <= loss + SUFFICIENT * next * slope && trialLoss < lowLoss)
          || !Double.isFinite(trialSlope)) {
        high = next;
        highLoss = trialLoss;
      } else if (Math.abs(trialSlope) <= -curvature * slope) {
        return accept(trialLoss, next);
      } else {
        if (trialSlope * (high - low) >= 0) {
          high = low;
          highLoss = lowLoss;
        }
        low = next;
        lowLoss = trialLoss;
        lowSlope = trialSlope;
      }
      next = Double.isInfinite(high) ? 2 * low : between(low, lowLoss, lowSlope, high, highLoss);
    }
    if (low > 0) {
      return accept(evaluate(direction, low), low);
    }
    objective.write(x);
    return false;
  }

  private double evaluate(final double[] direction, final double length) {
    for (int i = 0; i < x.length; i++) {
      trial[i] = x[i] + length * direction[i];
    }
    objective.write(trial);
    return objective.loss(trialGradient);
  }

  private boolean accept(final double trialLoss, final double length) {
    System.arraycopy(trial, 0, x, 0, x.length);
    System.arraycopy(trialGradient, 0, gradient, 0, x.length);
    loss = trialLoss;
    step = length;
    return true;
  }

  private static double between(
      final double low,
      final double lowLoss,
      final double lowSlope,
      final double high,
      final double highLoss) {
    final double width = high - low;
    final double rise = highLoss - lowLoss - lowSlope * width;
    final double share = -lowSlope * width / (2 * rise);
    final double inside = Double.isFinite(share) && rise > 0 ? share : 0.5;
    return low + width * Math.clamp(inside, 0.1, 0.9);
  }

  /** Writes the direction of steepest descent. */
  void steepest(final double[] direction) {
    for (int i = 0; i < x.length; i++) {
      direction[i] = -gradient[i];
    }
  }

  /** The first step along the steepest descent: of length 1 at most. */
  double firstStep() {
    return Math.min(1, 1 / Math.sqrt(Vectors.dot(gradient, gradient)));
  }
}
