package dev.gradus.train;

import dev.gradus.data.Batches;
import dev.gradus.train.Finding.Verdict;
import java.util.Locale;

/** Whether an untrained network's loss is that of a guess. */
final class StartLoss {
  private static final String CHECK = "start loss";

  /**
   * Nats that random outputs of standard deviation s add to a cross-entropy are at most s^2 / 2;
   * those of usual weights on standardised inputs have one up to 2.
   */
  private static final double USUAL_NATS = 2;

  private static final double FAR_NATS = 8;

  /** Times the targets' variance: that much, less 1, is the variance of outputs. */
  private static final double USUAL_TIMES = 4;

  private static final double FAR_TIMES = 20;

  private StartLoss() {}

  /** The mean over the sample. */
  static double loss(final Trial trial) {
    final Batches batches = Trial.batches(trial.data());
    return Evaluation.of(trial.engine(), trial.network(), trial.start(), trial.loss(), batches)
        .loss();
  }

  static Finding of(final Trial trial, final double loss) {
    if (!Double.isFinite(loss)) {
      return new Finding(
          CHECK,
          Verdict.FAILED,
          String.format(Locale.ROOT, "loss is %s before any training", loss));
    }
    final Guess guess = Guess.of(trial);
    if (guess == null) {
      return new Finding(
          CHECK,
          Verdict.OK,
          String.format(
              Locale.ROOT,
              "%.4g; of %s no theory tells what it should be",
              loss,
              trial.loss().name()));
    }
    final String words =
        String.format(
            Locale.ROOT, "%.4g, where %s would give %.4g", loss, guess.name(), guess.loss());
    return compared(loss, guess, words);
  }

  private static Finding compared(final double loss, final Guess guess, final String words) {
    final double expected = guess.loss();
    final double usual = guess.ofNumbers() ? USUAL_TIMES * expected : expected + USUAL_NATS;
    final double far = guess.ofNumbers() ? FAR_TIMES * expected : expected + FAR_NATS;
    if (expected == 0) {
      return new Finding(CHECK, Verdict.SUSPICIOUS, words + ": all targets are equal");
    }
    if (loss > usual) {
      final String why =
          guess.ofNumbers()
              ? ": standardise the targets, start the output's bias at their mean, or make the"
                  + " outputs smaller"
              : ": the outputs are sure of what they can't know; look at the last layer's bias and"
                  + " weights and at the scale of the input";
      return new Finding(CHECK, loss > far ? Verdict.FAILED : Verdict.SUSPICIOUS, words + why);
    }
    if (loss < Math.min(expected, guess.sharesLoss()) / 2) {
      return new Finding(
          CHECK,
          Verdict.SUSPICIOUS,
          words
              + ": too good for a network that has not been trained; are the targets in the"
              + " input?");
    }
    return new Finding(CHECK, Verdict.OK, words);
  }
}
