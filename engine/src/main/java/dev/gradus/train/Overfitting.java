package dev.gradus.train;

import dev.gradus.loss.ClassLoss;
import dev.gradus.loss.Loss;
import dev.gradus.optim.Adam;
import dev.gradus.plan.Parameters;
import dev.gradus.plan.PlanOptions;
import dev.gradus.plan.TrainPlan;
import dev.gradus.train.Finding.Verdict;
import java.util.Locale;

/**
 * Whether a few rows can be learned by heart: without dropout and label smoothing, by a bounded
 * number of Adam's steps, at one rate and, if that does not lead there, at a smaller one.
 */
final class Overfitting {
  private static final String CHECK = "overfitting";
  private static final int ROWS = 16;
  private static final int STEPS = 500;
  private static final double[] LEARNING_RATES = {1e-2, 1e-3};

  /** Shares of the loss of a guess. */
  private static final double NEAR_ZERO = 0.05;

  private static final double ON_THE_WAY = 0.5;

  private Overfitting() {}

  /** Where a training ended. */
  private record End(double first, double last, int steps) {}

  static Finding of(final Trial trial) {
    final Trial steady =
        trial.loss() instanceof ClassLoss classes
            ? trial.steady().with(classes.withLabelSmoothing(0f))
            : trial.steady();
    final Guess guess = endsAtZero(steady.loss()) ? Guess.of(steady) : null;
    final double goal = guess == null ? Double.NEGATIVE_INFINITY : NEAR_ZERO * guess.loss();
    final int[] rows = trial.spread(ROWS);
    End best = null;
    for (final double rate : LEARNING_RATES) {
      final End end = train(steady, rows, rate, goal);
      if (best == null || Double.isNaN(best.last) || end.last < best.last) {
        best = end;
      }
      if (best.last <= goal) {
        break;
      }
    }
    final String words =
        String.format(
            Locale.ROOT,
            "%d rows go from a loss of %.4g to %.4g in %d steps of Adam",
            rows.length,
            best.first,
            best.last,
            best.steps);
    return judged(best, guess, words);
  }

  /** Not where targets are probabilities: their own entropy is left. */
  private static boolean endsAtZero(final Loss loss) {
    return !loss.name().equals("soft-cross-entropy")
        && !loss.name().equals("categorical-cross-entropy");
  }

  private static Finding judged(final End end, final Guess guess, final String words) {
    if (guess == null) {
      return end.last < end.first
          ? new Finding(CHECK, Verdict.OK, words + "; where this loss ends is not known")
          : new Finding(CHECK, Verdict.FAILED, words + ": nothing is learned");
    }
    if (end.last <= NEAR_ZERO * guess.loss()) {
      return new Finding(CHECK, Verdict.OK, words);
    }
    return end.last <= ON_THE_WAY * guess.loss()
        ? new Finding(
            CHECK,
            Verdict.SUSPICIOUS,
            words + ", not near 0: the network is small or learns slowly")
        : new Finding(
            CHECK,
            Verdict.FAILED,
            words
                + ", not near 0: what can't learn a few rows by heart has a fault, or too few"
                + " weights");
  }

  private static End train(
      final Trial trial, final int[] rows, final double rate, final double goal) {
    try (Parameters copy = trial.copy();
        TrainPlan plan = trial.train(copy, new Adam(rate), new PlanOptions(rows.length))) {
      trial.fill(rows, plan.input(), plan.target());
      final double first = plan.step(rows.length);
      double last = first;
      int step = 1;
      while (step < STEPS && Double.isFinite(last) && last > goal) {
        plan.resetState();
        last = plan.step(rows.length);
        step++;
      }
      return new End(first, last, step);
    }
  }
}
