package dev.gradus.tools.training;

import dev.gradus.data.Batches;
import dev.gradus.data.Dataset;
import dev.gradus.nn.Network;
import dev.gradus.plan.EvaluatePlan;
import dev.gradus.tools.data.TrainingSet;
import dev.gradus.tools.scoring.Score;

/**
 * The scores of a trained network on all parts of its data.
 *
 * @param validation null where there is no such part.
 * @param test likewise.
 */
public record Scores(Score training, Score validation, Score test) {
  /** Rows scored at a time. */
  static final int BATCH = 256;

  /**
   * Scores all parts.
   *
   * @param plan of the network, with the loss of the training.
   */
  static Scores of(final Network network, final EvaluatePlan plan, final TrainingSet set) {
    return new Scores(
        part(network, plan, set, set.partition().training()),
        part(network, plan, set, set.partition().validation()),
        part(network, plan, set, set.partition().test()));
  }

  /** Rows in their order, for scoring. */
  static Batches batches(final Dataset data, final int[] rows) {
    return new Batches(data, rows, Math.min(BATCH, rows.length), 0, false, true);
  }

  /** Null where it has no rows. */
  private static Score part(
      final Network network, final EvaluatePlan plan, final TrainingSet set, final int[] rows) {
    if (rows.length == 0) {
      return null;
    }
    final Score score = new Score(plan, network, set.targetScaling(), rows.length);
    final Batches batches = batches(set.data(), rows);
    batches.startEpoch(0);
    for (int count = batches.next(plan.input(), plan.target());
        count > 0;
        count = batches.next(plan.input(), plan.target())) {
      score.add(count);
    }
    return score;
  }

  @Override
  public String toString() {
    return line("training    ", training)
        + line("validation  ", validation)
        + line("test        ", test);
  }

  private static String line(final String part, final Score score) {
    return score == null ? "" : String.format("%s%s%n", part, score);
  }
}
