package dev.gradus.tools.scoring;

import dev.gradus.data.TableEncoder;
import dev.gradus.io.ModelFile;
import dev.gradus.plan.Engine;
import dev.gradus.plan.EvaluatePlan;
import dev.gradus.plan.PlanOptions;
import dev.gradus.tools.data.EncodedRows;
import dev.gradus.tools.data.Samples;
import dev.gradus.tools.model.DataLosses;
import dev.gradus.tools.model.ModelCard;
import java.util.ArrayList;
import java.util.List;

/** What an autoencoder makes of each row. */
public final class Reconstruction {
  private static final int BATCH = 256;

  /** Takes one row after the other. */
  public interface Rows {
    /**
     * Takes a row.
     *
     * @param values the reconstruction in the data's own units; of a table with categories as it is
     *     encoded. Overwritten by the next row.
     * @param error root of the mean squared error over the encoded features.
     */
    void row(double[] values, double error);
  }

  private Reconstruction() {}

  /**
   * Names of the values of a row: of the features where these are numbers and have names, else 1,
   * 2, ...
   */
  public static List<String> names(final ModelCard card) {
    if (isOfNumbers(card.encoder()) && !card.features().isEmpty()) {
      return card.features();
    }
    final List<String> names = new ArrayList<>();
    for (int i = 1; i <= card.encoder().width(); i++) {
      names.add(Integer.toString(i));
    }
    return names;
  }

  private static boolean isOfNumbers(final TableEncoder encoder) {
    return encoder.numbers() == encoder.columns();
  }

  /**
   * Reconstructs all rows.
   *
   * @throws dev.gradus.memory.GradusException where the rows don't fit the model.
   */
  public static void of(
      final Engine engine,
      final ModelFile model,
      final ModelCard card,
      final Samples samples,
      final Rows target) {
    final int rows = samples.rows();
    final int capacity = Math.min(BATCH, rows);
    final EncodedRows encoded = new EncodedRows(samples, card.encoder());
    final double[] values = new double[card.encoder().width()];
    try (EvaluatePlan plan =
        EvaluatePlan.compile(
            engine,
            model.network(),
            model.parameters(),
            DataLosses.byName(card.loss()),
            new PlanOptions(capacity))) {
      for (int first = 0; first < rows; first += capacity) {
        final int count = Math.min(capacity, rows - first);
        encoded.copy(first, count, plan.input(), 0);
        encoded.copy(first, count, plan.target(), 0); // a run may write over its input
        plan.run(count);
        for (int row = 0; row < count; row++) {
          final double error = row(plan, row, card.encoder(), values);
          target.row(values, error);
        }
      }
    }
  }

  /** Fills in the values of a row. */
  private static double row(
      final EvaluatePlan plan, final int row, final TableEncoder encoder, final double[] values) {
    double sum = 0;
    for (int i = 0; i < values.length; i++) {
      final long at = (long) row * values.length + i;
      final double output = plan.output().get(at);
      final double difference = output - plan.target().get(at);
      sum += difference * difference;
      values[i] = isOfNumbers(encoder) ? encoder.scaling().invert(i, output) : output;
    }
    return Math.sqrt(sum / values.length);
  }
}
