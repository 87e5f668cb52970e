package dev.gradus.tools.scoring;

import dev.gradus.data.Scaling;
import dev.gradus.memory.DType;
import dev.gradus.nn.Layer;
import dev.gradus.nn.Network;
import dev.gradus.nn.SoftmaxLayer;
import dev.gradus.plan.EvaluatePlan;
import dev.gradus.train.ClassMetrics;
import dev.gradus.train.NumberMetrics;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How well a network does on rows whose targets are known, gathered batch by batch. */
public final class Score {
  /** The classes among which the right one is looked for, where there are more. */
  private static final int TOP = 3;

  private final EvaluatePlan plan;
  private final int classes; // 0 for numbers
  private final double unit; // of the target, in the plan's
  private final ClassMetrics ofClasses; // null for numbers
  private final NumberMetrics ofNumbers = new NumberMetrics();
  private double lossSum;
  private int rows;

  /**
   * Starts without rows.
   *
   * @param plan with the loss of the training.
   * @param targetScaling that of the plan's targets; null for classes.
   * @param capacity most rows.
   */
  public Score(
      final EvaluatePlan plan,
      final Network network,
      final Scaling targetScaling,
      final int capacity) {
    this.plan = plan;
    final boolean labels = plan.target().type().dtype() == DType.INT32;
    classes = labels ? Math.toIntExact(plan.output().shape().last()) : 0;
    unit = labels ? 1 : 1 / Math.abs(targetScaling.scale()[0]);
    ofClasses =
        labels
            ? new ClassMetrics(
                classes, Math.min(TOP, classes), !givesProbabilities(network), capacity)
            : null;
  }

  /** Whether outputs are probabilities; logits otherwise. */
  static boolean givesProbabilities(final Network network) {
    final List<Layer> layers = network.layers();
    return layers.get(layers.size() - 1) instanceof SoftmaxLayer;
  }

  /** Runs the plan on the first rows that lie in its input and target, and adds them. */
  public void add(final int count) {
    lossSum += (double) plan.run(count) * count;
    rows += count;
    if (ofClasses == null) {
      ofNumbers.add(plan.output(), plan.target(), count);
    } else {
      ofClasses.add(plan.output(), plan.target(), count);
    }
  }

  public int rows() {
    return rows;
  }

  /** The number of classes; 0 for numbers. */
  public int classes() {
    return classes;
  }

  /** Rows of a class that were taken for another, or the same. */
  public long confusion(final int label, final int predicted) {
    return ofClasses.confusion(label, predicted);
  }

  /**
   * All figures: of classes loss, accuracy, top-3 accuracy of more than three, macro F1, log loss,
   * calibration error, area under the ROC curve of two; of numbers loss, and in the target's own
   * unit the mean absolute error, the root of the mean squared error, and R2.
   */
  public List<Figure> figures() {
    final List<Figure> figures = new ArrayList<>();
    figures.add(new Figure("loss", "loss", lossSum / rows));
    if (ofClasses == null) {
      figures.add(new Figure("MAE", "mae", ofNumbers.meanAbsoluteError() * unit));
      figures.add(figure());
      figures.add(new Figure("R2", "r2", ofNumbers.r2()));
      return figures;
    }
    figures.add(figure());
    if (classes > TOP) {
      figures.add(new Figure("top-3", "top3", ofClasses.topAccuracy()));
    }
    figures.add(new Figure("macro F1", "macroF1", ofClasses.macroF1()));
    figures.add(new Figure("log loss", "logLoss", ofClasses.logLoss()));
    figures.add(new Figure("calibration error", "calibrationError", ofClasses.calibrationError()));
    if (classes == 2) {
      figures.add(new Figure("ROC AUC", "rocAuc", ofClasses.auc()));
    }
    return figures;
  }

  /** The figure by which models are compared: accuracy; of numbers the error in their unit. */
  public Figure figure() {
    return ofClasses == null
        ? new Figure("RMSE", "rmse", ofNumbers.rootMeanSquaredError() * unit)
        : new Figure("accuracy", "accuracy", ofClasses.accuracy());
  }

  /** The figures most looked at, on one line. */
  @Override
  public String toString() {
    final double loss = lossSum / rows;
    return ofClasses == null
        ? String.format(
            Locale.ROOT,
            "loss %.4f  RMSE %.6g  R2 %.4f  (%d rows)",
            loss,
            ofNumbers.rootMeanSquaredError() * unit,
            ofNumbers.r2(),
            rows)
        : String.format(
            Locale.ROOT, "loss %.4f  accuracy %.4f  (%d rows)", loss, ofClasses.accuracy(), rows);
  }
}
