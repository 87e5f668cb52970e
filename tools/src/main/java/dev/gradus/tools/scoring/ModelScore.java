package dev.gradus.tools.scoring;

import dev.gradus.io.ModelFile;
import dev.gradus.memory.DType;
import dev.gradus.memory.GradusException;
import dev.gradus.plan.Engine;
import dev.gradus.plan.EvaluatePlan;
import dev.gradus.plan.PlanOptions;
import dev.gradus.tools.data.Samples;
import dev.gradus.tools.data.ScaledRows;
import dev.gradus.tools.model.DataLosses;
import dev.gradus.tools.model.ModelCard;

/** How well a model does on rows whose targets are known. */
public final class ModelScore {
  private static final int BATCH = 256;

  private final int rows;
  private final double loss;
  private final int[][] confusion;
  private final double rmse;
  private final double r2;

  private ModelScore(
      final int rows,
      final double loss,
      final int[][] confusion,
      final double rmse,
      final double r2) {
    this.rows = rows;
    this.loss = loss;
    this.confusion = confusion;
    this.rmse = rmse;
    this.r2 = r2;
  }

  public int rows() {
    return rows;
  }

  /** Mean over the rows. */
  public double loss() {
    return loss;
  }

  /** Rows by class (first) and predicted class (second); of length 0 for regression. */
  public int[][] confusion() {
    return confusion;
  }

  /** Root of the mean squared error in the target's own unit; NaN for classes. */
  public double rmse() {
    return rmse;
  }

  /** The coefficient of determination; NaN for classes. */
  public double r2() {
    return r2;
  }

  /**
   * Scores all rows.
   *
   * @throws GradusException where there are no targets or the rows don't fit the model.
   */
  public static ModelScore of(
      final Engine engine, final ModelFile model, final ModelCard card, final Samples samples) {
    final int rows = samples.rows();
    final int capacity = Math.min(BATCH, rows);
    final int[] labels = card.isRegression() ? null : card.classes().indices(samples);
    final double[] targets = card.isRegression() ? samples.targetNumbers() : null;
    final int classes = card.isRegression() ? 0 : card.classes().size();
    final int[][] confusion = new int[classes][classes];
    double lossSum = 0;
    double squares = 0;
    try (EvaluatePlan plan =
        EvaluatePlan.compile(
            engine,
            model.network(),
            model.parameters(),
            DataLosses.byName(card.loss()),
            new PlanOptions(capacity))) {
      for (int first = 0; first < rows; first += capacity) {
        final int count = Math.min(capacity, rows - first);
        ScaledRows.copy(samples, card.scaling(), first, count, plan.input(), 0);
        for (int i = 0; i < count; i++) {
          if (plan.target().type().dtype() == DType.INT32) {
            plan.target().setInt(i, labels[first + i]);
          } else {
            plan.target().set(i, card.targetScaling().apply(0, targets[first + i]));
          }
        }
        lossSum += (double) plan.run(count) * count;
        for (int i = 0; i < count && classes == 0; i++) {
          squares += Math.pow((double) plan.output().get(i) - plan.target().get(i), 2);
        }
        for (int i = 0; i < count && classes > 0; i++) {
          confusion[labels[first + i]][Predictions.likeliest(plan.output(), i, classes)]++;
        }
      }
    }
    return score(card, lossSum / rows, squares / rows, confusion, targets, rows);
  }

  private static ModelScore score(
      final ModelCard card,
      final double loss,
      final double mse,
      final int[][] confusion,
      final double[] targets,
      final int rows) {
    if (targets == null) {
      return new ModelScore(rows, loss, confusion, Double.NaN, Double.NaN);
    }
    final double rmse = Math.sqrt(mse) / card.targetScaling().scale()[0];
    return new ModelScore(rows, loss, confusion, rmse, 1 - rmse * rmse / variance(targets));
  }

  private static double variance(final double[] values) {
    double sum = 0;
    for (final double value : values) {
      sum += value;
    }
    final double mean = sum / values.length;
    double squares = 0;
    for (final double value : values) {
      squares += (value - mean) * (value - mean);
    }
    return squares / values.length;
  }

  /** The share of rows whose class was predicted; NaN for regression. */
  public double accuracy() {
    long right = 0;
    for (int c = 0; c < confusion.length; c++) {
      right += confusion[c][c];
    }
    return confusion.length == 0 ? Double.NaN : (double) right / rows;
  }
}
