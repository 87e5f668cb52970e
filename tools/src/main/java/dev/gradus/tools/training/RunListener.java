package dev.gradus.tools.training;

import dev.gradus.data.Batches;
import dev.gradus.plan.EvaluatePlan;
import dev.gradus.plan.TrainPlan;
import dev.gradus.tools.report.History;
import dev.gradus.train.Evaluation;
import dev.gradus.train.TrainListener;

/**
 * Sets each step's learning rate, measures it, scores the validation part after each epoch, keeps
 * the history, shows it.
 */
final class RunListener implements TrainListener {
  private final TrainPlan training;
  private final TrainingOptions options;
  private final long steps;
  private final StepMeter meter;
  private final Progress progress;
  private final History history;
  private final EvaluatePlan scoring;
  private final Batches validation;

  /**
   * Follows a run.
   *
   * @param steps of the whole run.
   */
  RunListener(
      final TrainPlan training,
      final TrainingOptions options,
      final long steps,
      final StepMeter meter,
      final Progress progress,
      final History history,
      final EvaluatePlan scoring,
      final Batches validation) {
    this.training = training;
    this.options = options;
    this.steps = steps;
    this.meter = meter;
    this.progress = progress;
    this.history = history;
    this.scoring = scoring;
    this.validation = validation;
  }

  /** Before the first step. */
  void begin() {
    setRate(1);
    meter.open();
  }

  private void setRate(final long step) {
    final double first = options.optimizer().learningRate();
    training.learningRate(options.schedule().rate(first, step, steps));
  }

  @Override
  public void afterStep(
      final int epoch, final long step, final int rows, final float loss, final long nanos) {
    meter.close(step, rows, nanos);
    progress.step(rows, loss);
    setRate(Math.min(step + 1, steps));
    meter.open();
  }

  @Override
  public void afterEpoch(final int epoch, final double loss, final double accuracy) {
    meter.closeEpoch();
    final Evaluation score = Evaluation.of(scoring, validation);
    final History.Epoch scores = new History.Epoch(loss, accuracy, score.loss(), score.accuracy());
    history.add(scores);
    progress.epoch(epoch, scores);
    meter.open();
  }
}
