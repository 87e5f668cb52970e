package dev.gradus.train;

import dev.gradus.memory.Tensor;
import dev.gradus.plan.GradientPlan;
import dev.gradus.plan.Parameters;
import dev.gradus.plan.PlanOptions;
import dev.gradus.train.Finding.Verdict;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * Whether gradients are what the loss does: for some weights of each parameter, the one of the
 * largest gradient among them, {@code (loss(w + h) - loss(w)) / h} and the same with -h.
 *
 * <p>The loss is a float: its rounding, some units of 2^-24 of it, divided by h, is the least that
 * can be told. The gradient has to lie between the two slopes, give or take that and a part of
 * itself: where the loss is curved or has a kink between them, no better is known. Where it does
 * not, h may have been too large, and one of an eighth decides.
 */
final class GradientDifferences {
  private static final String CHECK = "gradients";
  private static final int ROWS = 8;
  private static final int WEIGHTS = 3;
  private static final float[] STEPS = {0x1p-7f, 0x1p-10f};
  private static final double ROUNDING = 16 * 0x1p-24;
  private static final double SHARE = 0.03;

  private final GradientPlan plan;
  private final int rows;
  private int told;
  private int untold;
  private int wrong;
  private String example = "";

  private GradientDifferences(final GradientPlan plan, final int rows) {
    this.plan = plan;
    this.rows = rows;
  }

  static Finding of(final Trial given) {
    final Trial trial = given.steady();
    final int[] chosen = trial.spread(ROWS);
    try (Parameters copy = trial.copy();
        GradientPlan plan =
            GradientPlan.compile(
                trial.engine(),
                trial.network(),
                copy,
                trial.loss(),
                new PlanOptions(chosen.length).withSeed(trial.seed()))) {
      trial.fill(chosen, plan.input(), plan.target());
      return new GradientDifferences(plan, chosen.length).check(trial.seed());
    }
  }

  private Finding check(final long seed) {
    final double loss = loss();
    if (loss != loss()) {
      return new Finding(
          CHECK,
          Verdict.SUSPICIOUS,
          "not checked: the loss is another in each run of the same rows");
    }
    plan.resetState();
    plan.run(rows);
    final SplittableRandom random = new SplittableRandom(seed);
    for (final String name : plan.names()) {
      final Tensor gradient = plan.gradient(name);
      final long[] chosen = new long[(int) Math.min(WEIGHTS, gradient.elements())];
      chosen[0] = largest(gradient);
      for (int i = 1; i < chosen.length; i++) {
        chosen[i] = random.nextLong(gradient.elements());
      }
      final float[] slopes = new float[chosen.length];
      for (int i = 0; i < chosen.length; i++) {
        slopes[i] = gradient.get(chosen[i]);
      }
      for (int i = 0; i < chosen.length; i++) {
        compare(name, chosen[i], slopes[i], loss);
      }
      plan.resetState();
      plan.run(rows); // differences have used up the gradients
    }
    return finding();
  }

  private static long largest(final Tensor gradient) {
    long largest = 0;
    for (long i = 1; i < gradient.elements(); i++) {
      largest = Math.abs(gradient.get(i)) > Math.abs(gradient.get(largest)) ? i : largest;
    }
    return largest;
  }

  private void compare(final String name, final long index, final double slope, final double loss) {
    final Tensor weights = plan.parameter(name);
    final float weight = weights.get(index);
    boolean right = false;
    boolean seen = false;
    double above = 0;
    double below = 0;
    for (int i = 0; i < STEPS.length && !right; i++) {
      final float h = STEPS[i] * Math.max(1, Math.abs(weight));
      above = slope(weights, index, weight + h, loss);
      below = slope(weights, index, weight - h, loss);
      final double noise = ROUNDING * Math.max(1, Math.abs(loss)) / h;
      final double slack = noise + SHARE * Math.abs(slope);
      right = slope >= Math.min(above, below) - slack && slope <= Math.max(above, below) + slack;
      seen |= Math.max(Math.abs(slope), Math.max(Math.abs(above), Math.abs(below))) > 2 * noise;
    }
    told += right && seen ? 1 : 0;
    untold += right && !seen ? 1 : 0;
    if (!right) {
      wrong++;
      if (example.isEmpty()) {
        example =
            String.format(
                Locale.ROOT,
                "%s[%d]: gradient %.4g, the loss itself %.4g to %.4g",
                name,
                index,
                slope,
                below,
                above);
      }
    }
  }

  /** The slope of the loss from where the weight is to another value; the weight is put back. */
  private double slope(
      final Tensor weights, final long index, final float moved, final double loss) {
    final float weight = weights.get(index);
    weights.set(index, moved);
    final double there = loss();
    weights.set(index, weight);
    return (there - loss) / ((double) moved - weight);
  }

  private double loss() {
    plan.resetState();
    return plan.runLoss(rows);
  }

  private Finding finding() {
    if (wrong > 0) {
      return new Finding(
          CHECK,
          Verdict.FAILED,
          String.format(
              Locale.ROOT,
              "%d of %d weights have a gradient that the loss does not follow; %s",
              wrong,
              wrong + told + untold,
              example));
    }
    if (told == 0) {
      return new Finding(
          CHECK,
          Verdict.SUSPICIOUS,
          String.format(
              Locale.ROOT,
              "all %d weights tried have a gradient too small to be told from 0",
              untold));
    }
    return new Finding(
        CHECK,
        Verdict.OK,
        String.format(
            Locale.ROOT,
            "%d weights agree with differences of the loss, %d more are too small to tell",
            told,
            untold));
  }
}
