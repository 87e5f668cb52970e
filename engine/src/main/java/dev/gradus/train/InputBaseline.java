package dev.gradus.train;

import dev.gradus.data.Batches;
import dev.gradus.data.Split;
import dev.gradus.optim.Adam;
import dev.gradus.plan.EvaluatePlan;
import dev.gradus.plan.Parameters;
import dev.gradus.plan.PlanOptions;
import dev.gradus.plan.TrainPlan;
import dev.gradus.train.Finding.Verdict;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Whether the input helps: a short training on the rows as they are and one on zeros in their
 * place, from the same weights, in the same order. A quarter of the rows are kept aside, as a
 * network learns any labels by heart.
 */
final class InputBaseline {
  private static final String CHECK = "input";
  private static final int STEPS = 200;
  private static final int STEPS_BETWEEN_SCORES = 50;
  private static final int BATCH = 32;
  private static final int MOST_ASIDE = 256;
  private static final double LEARNING_RATE = 2e-3;

  /** The share by which the loss of the rows trained on has to be lower with the input. */
  private static final double LEAST_GAIN = 0.01;

  /** How many standard errors the mean gain of rows aside has to be above zero. */
  private static final double SURE = 3;

  private InputBaseline() {}

  /**
   * What a training led to.
   *
   * @param trained mean loss of the rows trained on.
   * @param aside losses of the rows kept aside, where their mean was lowest.
   */
  private record Course(double trained, List<Double> aside) {
    boolean isFinite() {
      return Double.isFinite(trained) && Double.isFinite(meanAside());
    }

    double meanAside() {
      return aside.stream().mapToDouble(loss -> loss).average().orElse(Double.NaN);
    }
  }

  static Finding of(final Trial trial) {
    final int[][] parts = Split.random(Split.all(trial.data().rows()), trial.seed(), 0.75);
    parts[1] = Arrays.copyOf(parts[1], Math.min(MOST_ASIDE, parts[1].length));
    final Course seeing = train(trial, parts, false);
    final Course blind = train(trial, parts, true);
    final String words =
        String.format(
            Locale.ROOT,
            "%d steps on the rows lead to a loss of %.4g (%.4g on rows aside), on zeros in their"
                + " place to %.4g (%.4g)",
            STEPS,
            seeing.trained,
            seeing.meanAside(),
            blind.trained,
            blind.meanAside());
    if (!seeing.isFinite()) {
      return new Finding(CHECK, Verdict.FAILED, words + ": the loss is not finite for long");
    }
    if (!blind.isFinite()) {
      return new Finding(CHECK, Verdict.SUSPICIOUS, words + ": zeros can't be trained on");
    }
    final double gain = blind.trained - seeing.trained;
    if (!(gain > LEAST_GAIN * Math.abs(blind.trained))) {
      return new Finding(
          CHECK, Verdict.FAILED, words + ": the output does not follow from the input");
    }
    return standardErrors(seeing.aside, blind.aside) > SURE
        ? new Finding(CHECK, Verdict.OK, words)
        : new Finding(
            CHECK,
            Verdict.SUSPICIOUS,
            words
                + ": rows are learned by heart; do the targets belong to these rows, and are these"
                + " enough rows?");
  }

  /** By how many standard errors the mean of the differences is above zero. */
  private static double standardErrors(final List<Double> seeing, final List<Double> blind) {
    final int rows = seeing.size();
    double sum = 0;
    for (int i = 0; i < rows; i++) {
      sum += blind.get(i) - seeing.get(i);
    }
    final double mean = sum / rows;
    double squares = 0;
    for (int i = 0; i < rows; i++) {
      final double difference = blind.get(i) - seeing.get(i) - mean;
      squares += difference * difference;
    }
    return mean / Math.sqrt(squares / rows / Math.max(1, rows - 1));
  }

  private static Course train(final Trial trial, final int[][] parts, final boolean blind) {
    final int capacity = Math.min(BATCH, parts[0].length);
    final PlanOptions options = new PlanOptions(capacity);
    final Batches batches =
        new Batches(trial.data(), parts[0], capacity, trial.seed(), true, false);
    try (Parameters copy = trial.copy();
        TrainPlan plan = trial.train(copy, new Adam(LEARNING_RATE), options);
        EvaluatePlan scoring =
            EvaluatePlan.compile(trial.engine(), trial.network(), copy, trial.loss(), options)) {
      double[] best = {Double.POSITIVE_INFINITY};
      int epoch = 0;
      batches.startEpoch(epoch);
      for (int step = 1; step <= STEPS; step++) {
        int rows = batches.next(plan.input(), plan.target());
        if (rows == 0) {
          batches.startEpoch(++epoch);
          rows = batches.next(plan.input(), plan.target());
        }
        if (blind) {
          Trial.blank(plan.input());
        }
        plan.resetState();
        final float loss = plan.step(rows);
        if (!Float.isFinite(loss)) {
          return new Course(loss, List.of((double) loss));
        }
        if (step % STEPS_BETWEEN_SCORES == 0) {
          final double[] now = losses(trial, scoring, parts[1], 1, blind);
          best = Arrays.stream(now).sum() < Arrays.stream(best).sum() ? now : best;
        }
      }
      final double[] trained = losses(trial, scoring, parts[0], capacity, blind);
      return new Course(
          Arrays.stream(trained).average().orElse(Double.NaN),
          Arrays.stream(best).boxed().toList());
    }
  }

  /** The loss of each batch of so many rows, of full batches alone. */
  private static double[] losses(
      final Trial trial,
      final EvaluatePlan plan,
      final int[] rows,
      final int batch,
      final boolean blind) {
    final Batches batches = new Batches(trial.data(), rows, batch, 0, false, false);
    final double[] losses = new double[batches.batchesPerEpoch()];
    batches.startEpoch(0);
    for (int i = 0; i < losses.length; i++) {
      batches.next(plan.input(), plan.target());
      if (blind) {
        Trial.blank(plan.input());
      }
      plan.resetState();
      losses[i] = plan.run(batch);
    }
    return losses;
  }
}
