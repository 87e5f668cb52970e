package dev.gradus.tools.training;

import dev.gradus.tools.report.History;
import dev.gradus.train.Evaluation;
import dev.gradus.train.TrainListener;

/** Measures each step, keeps the history of training and validation, shows it. */
final class RunListener implements TrainListener {
  private final StepMeter meter;
  private final Progress progress;
  private final History history;
  private final boolean validates;
  private long batches;
  private double trainLoss;
  private double trainAccuracy;

  RunListener(
      final StepMeter meter,
      final Progress progress,
      final History history,
      final boolean validates) {
    this.meter = meter;
    this.progress = progress;
    this.history = history;
    this.validates = validates;
  }

  /** Before the first step. */
  void begin() {
    meter.open();
  }

  @Override
  public void afterStep(
      final int epoch, final long step, final int rows, final float loss, final long nanos) {
    batches++; // updates are fewer where gradients are accumulated
    meter.close(batches, rows, nanos);
    progress.step(rows, loss);
    meter.open();
  }

  @Override
  public void afterEpoch(final int epoch, final double loss, final double accuracy) {
    meter.closeEpoch();
    trainLoss = loss;
    trainAccuracy = accuracy;
    if (!validates) {
      end(epoch, Double.NaN, Double.NaN);
    }
  }

  @Override
  public void afterValidation(final int epoch, final Evaluation score) {
    end(epoch, score.loss(), score.accuracy());
  }

  private void end(final int epoch, final double loss, final double accuracy) {
    final History.Epoch scores = new History.Epoch(trainLoss, trainAccuracy, loss, accuracy);
    history.add(scores);
    progress.epoch(epoch, scores);
    meter.open();
  }
}
