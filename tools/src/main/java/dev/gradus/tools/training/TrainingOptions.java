package dev.gradus.tools.training;

import dev.gradus.data.Scaling;
import dev.gradus.kernel.Activation;
import dev.gradus.loss.ClassLoss;
import dev.gradus.loss.Loss;
import dev.gradus.loss.Losses;
import dev.gradus.memory.GradusException;
import dev.gradus.optim.Descent;
import dev.gradus.plan.EngineOptions;
import dev.gradus.tools.data.CsvOptions;
import dev.gradus.tools.data.SplitSizes;
import dev.gradus.tools.model.DataLosses;
import dev.gradus.tools.model.ModelText;
import java.nio.file.Path;

/**
 * What a user asked for, checked.
 *
 * @param data see {@link dev.gradus.tools.data.Source}.
 * @param scaling of features; null for what suits the data.
 * @param test a table of rows for the test, or null.
 * @param split which of the splits that the data say, from 0.
 * @param splitSizes of training, validation and test; null for the usual ones.
 * @param balancedClasses whether the training part's classes get weights that even them out.
 * @param schedule of the learning rate; see {@link dev.gradus.optim.Schedules}.
 * @param stopping when to end before all epochs are done.
 * @param model where to write it.
 * @param picture where to draw the history.
 * @param report where to write figures, or null.
 */
public record TrainingOptions(
    String data,
    CsvOptions csv,
    Scaling.Kind scaling,
    Path test,
    int split,
    SplitSizes splitSizes,
    ModelText network,
    Activation activation,
    Loss loss,
    boolean balancedClasses,
    Descent descent,
    String schedule,
    BatchOptions batches,
    int epochs,
    StoppingOptions stopping,
    long seed,
    EngineOptions engine,
    Path model,
    Path picture,
    Path report) {
  public TrainingOptions {
    final boolean validates = splitSizes == null || splitSizes.validation() > 0;
    if (!validates && (stopping.patience() > 0 || stopping.targetLoss() != null)) {
      throw GradusException.mismatch(
          "split sizes with --patience or --target-loss", "a share for validation", "none");
    }
    if (batches.mixes() && !DataLosses.areNumbers(loss) && (balancedClasses || !isPlain(loss))) {
      throw GradusException.mismatch(
          "loss with mixup",
          "cross-entropy without label smoothing and class weights",
          loss.describe() + (balancedClasses ? " of balanced classes" : ""));
    }
  }

  private static boolean isPlain(final Loss loss) {
    return loss instanceof ClassLoss ofClasses && ofClasses.function().isPlain();
  }

  /** The loss to train with, where samples may be mixed; scores are by the loss itself. */
  Loss trainingLoss() {
    return batches.mixes() && !isRegression() ? Losses.softCrossEntropy() : loss;
  }

  /** Whether targets are numbers, not classes. */
  public boolean isRegression() {
    return DataLosses.areNumbers(loss);
  }

  /** The same with another loss. */
  TrainingOptions with(final Loss other) {
    return new TrainingOptions(
        data,
        csv,
        scaling,
        test,
        split,
        splitSizes,
        network,
        activation,
        other,
        balancedClasses,
        descent,
        schedule,
        batches,
        epochs,
        stopping,
        seed,
        engine,
        model,
        picture,
        report);
  }
}
