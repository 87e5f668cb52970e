package dev.gradus.tools.training;

import dev.gradus.data.Batches;
import dev.gradus.data.Dataset;
import dev.gradus.loss.Losses;
import dev.gradus.nn.Network;
import dev.gradus.plan.Engine;
import dev.gradus.plan.EvaluatePlan;
import dev.gradus.plan.Parameters;
import dev.gradus.plan.PlanOptions;
import dev.gradus.tools.data.Scaling;
import dev.gradus.tools.data.TrainingSet;
import dev.gradus.train.Evaluation;
import java.util.Locale;

/** The scores of a trained network on all parts of its data. */
public record Scores(Part training, Part validation, Part test) {
  /** Rows scored at a time. */
  static final int BATCH = 256;

  /**
   * One part.
   *
   * @param rmse root of the mean squared error in the target's own unit; NaN for classes.
   * @param r2 the coefficient of determination; NaN for classes.
   */
  public record Part(int rows, double loss, double accuracy, double rmse, double r2) {
    @Override
    public String toString() {
      return Double.isNaN(rmse)
          ? String.format(Locale.ROOT, "loss %.4f  accuracy %.4f  (%d rows)", loss, accuracy, rows)
          : String.format(
              Locale.ROOT, "loss %.4f  RMSE %.6g  R2 %.4f  (%d rows)", loss, rmse, r2, rows);
    }
  }

  /**
   * Scores all parts.
   *
   * @param plan with the loss of the training.
   */
  static Scores of(
      final Engine engine,
      final Network network,
      final Parameters parameters,
      final EvaluatePlan plan,
      final TrainingSet set) {
    if (set.targetScaling() == null) {
      return of(plan, plan, set);
    }
    final PlanOptions options = new PlanOptions(BATCH);
    try (EvaluatePlan squares =
        EvaluatePlan.compile(engine, network, parameters, Losses.meanSquaredError(), options)) {
      return of(plan, squares, set);
    }
  }

  private static Scores of(
      final EvaluatePlan plan, final EvaluatePlan squares, final TrainingSet set) {
    return new Scores(
        part(plan, squares, set, set.partition().training()),
        part(plan, squares, set, set.partition().validation()),
        part(plan, squares, set, set.partition().test()));
  }

  /** Rows in their order, for scoring. */
  static Batches batches(final Dataset data, final int[] rows) {
    return new Batches(data, rows, Math.min(BATCH, rows.length), 0, false, true);
  }

  /**
   * One part.
   *
   * @param squares of mean squared error, read only for numbers.
   */
  private static Part part(
      final EvaluatePlan plan,
      final EvaluatePlan squares,
      final TrainingSet set,
      final int[] rows) {
    final Evaluation score = Evaluation.of(plan, batches(set.data(), rows));
    final Scaling scaling = set.targetScaling();
    if (scaling == null) {
      return new Part(rows.length, score.loss(), score.accuracy(), Double.NaN, Double.NaN);
    }
    final double mse = Evaluation.of(squares, batches(set.data(), rows)).loss();
    final double rmse = Math.sqrt(mse) / scaling.scale()[0];
    final double r2 = 1 - mse / variance(set.data(), rows);
    return new Part(rows.length, score.loss(), Double.NaN, rmse, r2);
  }

  private static double variance(final Dataset data, final int[] rows) {
    double sum = 0;
    for (final int row : rows) {
      sum += data.targets().get(row);
    }
    final double mean = sum / rows.length;
    double squares = 0;
    for (final int row : rows) {
      final double difference = data.targets().get(row) - mean;
      squares += difference * difference;
    }
    return squares / rows.length;
  }

  @Override
  public String toString() {
    return String.format(
        "training    %s%nvalidation  %s%ntest        %s%n", training, validation, test);
  }
}
