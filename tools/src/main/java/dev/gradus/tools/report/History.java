package dev.gradus.tools.report;

import java.util.ArrayList;
import java.util.List;

/** Scores of a run, epoch by epoch. */
public final class History {
  private final List<Epoch> epochs = new ArrayList<>();

  /** Begins one without epochs. */
  public History() {}

  /**
   * One epoch.
   *
   * @param loss mean over the training part while it was learned.
   * @param accuracy likewise; NaN for regression and of mixed samples.
   * @param validationLoss after the epoch; NaN without validation.
   * @param validationAccuracy likewise; NaN for regression.
   */
  public record Epoch(
      double loss, double accuracy, double validationLoss, double validationAccuracy) {}

  public void add(final Epoch epoch) {
    epochs.add(epoch);
  }

  public List<Epoch> epochs() {
    return List.copyOf(epochs);
  }
}
