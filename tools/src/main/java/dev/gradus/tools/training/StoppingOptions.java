package dev.gradus.tools.training;

import dev.gradus.memory.GradusException;

/**
 * When to end a training before all its epochs are done.
 *
 * @param patience epochs without a fall of the validation loss, 1 or more; 0 for no such rule. The
 *     best weights are kept.
 * @param targetLoss of the validation part; null for none.
 * @param maxSeconds above 0; null for no limit.
 */
public record StoppingOptions(int patience, Double targetLoss, Double maxSeconds) {
  public StoppingOptions {
    if (patience < 0) {
      throw GradusException.outOfRange("patience", "1 or more, or 0 for none", patience);
    }
    if (targetLoss != null && !Double.isFinite(targetLoss)) {
      throw GradusException.outOfRange("target loss", "a finite number", targetLoss);
    }
    if (maxSeconds != null && !(maxSeconds > 0 && maxSeconds < Double.POSITIVE_INFINITY)) {
      throw GradusException.outOfRange("most seconds", "above 0", maxSeconds);
    }
  }
}
