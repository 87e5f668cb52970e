package dev.gradus.kernel;

import dev.gradus.memory.GradusException;
import dev.gradus.memory.OffHeap;

/**
 * {@code -(1 - s) * w[label] * logP[label] - s / classes * sum over c of w[c] * logP[c]} from
 * log-probabilities and a label, with label smoothing {@code s} (Szegedy et al., Rethinking the
 * Inception architecture, 2016) and class weights {@code w}, as PyTorch's {@code cross_entropy}; 0
 * for labels to ignore.
 *
 * @param labelSmoothing 0 up to 1; 0 is none.
 * @param ignoreIndex the label of rows that don't count.
 */
public record NegativeLogLikelihood(ClassWeights weights, float labelSmoothing, int ignoreIndex)
    implements RowLossFunction {
  /** No label is ignored. */
  public static final int NONE = Integer.MIN_VALUE;

  public NegativeLogLikelihood {
    if (!(labelSmoothing >= 0 && labelSmoothing <= 1)) {
      throw GradusException.outOfRange("label smoothing", "0 to 1", labelSmoothing);
    }
  }

  /** Neither weights nor smoothing nor labels to ignore. */
  public boolean isPlain() {
    return labelSmoothing == 0 && !isWeighted();
  }

  /** Whether rows count other than 1, see {@link #weight}. */
  public boolean isWeighted() {
    return !weights.areEqual() || ignoreIndex != NONE;
  }

  /** What a row of that label counts: its class's weight, 0 where it is ignored. */
  public float weight(final int label) {
    return label == ignoreIndex ? 0f : weights.of(label);
  }

  @Override
  public String name() {
    return "nll";
  }

  @Override
  public Target target() {
    return Target.LABEL;
  }

  @Override
  public void requireColumns(final int columns) {
    weights.requireClasses(columns);
  }

  @Override
  public double loss(final long prediction, final long target, final long columns) {
    final int label = OffHeap.getInt(target);
    if (label == ignoreIndex) {
      return 0;
    }
    final double own =
        (1.0 - labelSmoothing) * weights.of(label) * RowLossFunction.at(prediction, label);
    if (labelSmoothing == 0) {
      return -own;
    }
    double all = 0;
    for (long c = 0; c < columns; c++) {
      all += (double) weights.of(c) * RowLossFunction.at(prediction, c);
    }
    return -own - all * labelSmoothing / columns;
  }

  @Override
  public void gradient(
      final long prediction,
      final long target,
      final double dRow,
      final long dPrediction,
      final long columns) {
    final int label = OffHeap.getInt(target);
    final boolean ignored = label == ignoreIndex;
    final double each = ignored ? 0 : -dRow * labelSmoothing / columns;
    for (long c = 0; c < columns; c++) {
      RowLossFunction.set(dPrediction, c, each * weights.of(c));
    }
    if (!ignored) {
      final double own = (each - dRow * (1.0 - labelSmoothing)) * weights.of(label);
      RowLossFunction.set(dPrediction, label, own);
    }
  }
}
