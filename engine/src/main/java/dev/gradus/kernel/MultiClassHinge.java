package dev.gradus.kernel;

import dev.gradus.memory.OffHeap;

/**
 * {@code sum over c other than label of max(0, margin - x[label] + x[c]) / classes}: the score of
 * the label shall be above all others by a margin; the derivative at the margin is 0.
 */
public record MultiClassHinge(float margin) implements RowLossFunction {
  public MultiClassHinge {
    RowLossFunction.requireMargin("multi-class-hinge", margin);
  }

  @Override
  public String name() {
    return "multi-class-hinge";
  }

  @Override
  public String describe() {
    return name() + '(' + margin + ')';
  }

  @Override
  public Target target() {
    return Target.LABEL;
  }

  @Override
  public double loss(final long prediction, final long target, final long columns) {
    final int label = OffHeap.getInt(target);
    final double least = margin - (double) RowLossFunction.at(prediction, label);
    double sum = 0;
    for (long c = 0; c < columns; c++) {
      final double lack = c == label ? 0 : least + RowLossFunction.at(prediction, c);
      sum += lack > 0 ? lack : 0;
    }
    return sum / columns;
  }

  @Override
  public void gradient(
      final long prediction,
      final long target,
      final double dRow,
      final long dPrediction,
      final long columns) {
    final int label = OffHeap.getInt(target);
    final double least = margin - (double) RowLossFunction.at(prediction, label);
    final double each = dRow / columns;
    long lacking = 0;
    for (long c = 0; c < columns; c++) {
      final boolean lacks = c != label && least + RowLossFunction.at(prediction, c) > 0;
      lacking += lacks ? 1 : 0;
      RowLossFunction.set(dPrediction, c, lacks ? each : 0);
    }
    RowLossFunction.set(dPrediction, label, -each * lacking);
  }
}
