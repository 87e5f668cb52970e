package dev.gradus.tools.scoring;

import dev.gradus.io.ModelFile;
import dev.gradus.memory.GradusException;
import dev.gradus.plan.Engine;
import dev.gradus.plan.EvaluatePlan;
import dev.gradus.plan.PlanOptions;
import dev.gradus.tools.data.EncodedRows;
import dev.gradus.tools.data.Samples;
import dev.gradus.tools.model.DataLosses;
import dev.gradus.tools.model.ModelCard;

/** Scores a saved model on rows whose targets are known. */
public final class ModelScore {
  private static final int BATCH = 256;

  private ModelScore() {}

  /**
   * Scores all rows; an autoencoder by how well it gives them again.
   *
   * @throws GradusException where there are no targets or the rows don't fit the model.
   */
  public static Score of(
      final Engine engine, final ModelFile model, final ModelCard card, final Samples samples) {
    final int rows = samples.rows();
    final int capacity = Math.min(BATCH, rows);
    final EncodedRows encoded = new EncodedRows(samples, card.encoder());
    final int[] labels = card.isRegression() ? null : card.classes().indices(samples);
    final boolean numbers = card.isRegression() && !card.reconstructs();
    final double[] targets = numbers ? samples.targetNumbers() : null;
    try (EvaluatePlan plan =
        EvaluatePlan.compile(
            engine,
            model.network(),
            model.parameters(),
            DataLosses.byName(card.loss()),
            new PlanOptions(capacity))) {
      final Score score = new Score(plan, model.network(), card.targetScaling(), rows);
      for (int first = 0; first < rows; first += capacity) {
        final int count = Math.min(capacity, rows - first);
        encoded.copy(first, count, plan.input(), 0);
        if (card.reconstructs()) {
          encoded.copy(first, count, plan.target(), 0);
        }
        for (int i = 0; i < count; i++) {
          if (labels != null) {
            plan.target().setInt(i, labels[first + i]);
          } else if (targets != null) {
            plan.target().set(i, card.targetScaling().apply(0, targets[first + i]));
          }
        }
        score.add(count);
      }
      return score;
    }
  }
}
