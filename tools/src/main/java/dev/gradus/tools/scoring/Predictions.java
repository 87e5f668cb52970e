package dev.gradus.tools.scoring;

import dev.gradus.io.ModelFile;
import dev.gradus.memory.Tensor;
import dev.gradus.nn.Network;
import dev.gradus.nn.SoftmaxLayer;
import dev.gradus.plan.Engine;
import dev.gradus.plan.PlanOptions;
import dev.gradus.plan.PredictPlan;
import dev.gradus.tools.data.EncodedRows;
import dev.gradus.tools.data.Samples;
import dev.gradus.tools.model.ModelCard;

/** What a model says of each row. */
public final class Predictions {
  private static final int BATCH = 256;

  private final int[] classes;
  private final double[] values;

  private Predictions(final int[] classes, final double[] values) {
    this.classes = classes;
    this.values = values;
  }

  /** The likeliest class of each row; of length 0 for regression. */
  public int[] classes() {
    return classes;
  }

  /** Its probability; for regression the number predicted, in the target's own unit. */
  public double[] values() {
    return values;
  }

  /**
   * Predicts all rows.
   *
   * @throws dev.gradus.memory.GradusException where the rows don't fit the model.
   */
  public static Predictions of(
      final Engine engine, final ModelFile model, final ModelCard card, final Samples samples) {
    final boolean regression = card.isRegression();
    final Network network = regression ? model.network() : withSoftmax(model.network());
    final int rows = samples.rows();
    final int capacity = Math.min(BATCH, rows);
    final EncodedRows encoded = new EncodedRows(samples, card.encoder());
    final int[] classes = new int[regression ? 0 : rows];
    final double[] values = new double[rows];
    try (PredictPlan plan =
        PredictPlan.compile(engine, network, model.parameters(), new PlanOptions(capacity))) {
      for (int first = 0; first < rows; first += capacity) {
        final int count = Math.min(capacity, rows - first);
        encoded.copy(first, count, plan.input(), 0);
        plan.run(count);
        for (int i = 0; i < count; i++) {
          if (regression) {
            values[first + i] = card.targetScaling().invert(0, plan.output().get(i));
          } else {
            classes[first + i] = likeliest(plan.output(), i, card.classes().size());
            values[first + i] =
                plan.output().get((long) i * card.classes().size() + classes[first + i]);
          }
        }
      }
    }
    return new Predictions(classes, values);
  }

  /** The network with probabilities for outputs. */
  public static Network withSoftmax(final Network network) {
    return Score.givesProbabilities(network) ? network : network.then(new SoftmaxLayer());
  }

  /** The first of the largest outputs of a row. */
  private static int likeliest(final Tensor output, final int row, final int classes) {
    final long from = (long) row * classes;
    int best = 0;
    for (int c = 1; c < classes; c++) {
      best = output.get(from + c) > output.get(from + best) ? c : best;
    }
    return best;
  }
}
