package dev.gradus.loss;

import dev.gradus.graph.Graph;
import dev.gradus.graph.Value;
import dev.gradus.graph.op.RowLoss;
import dev.gradus.kernel.NegativeLogLikelihood;
import dev.gradus.kernel.RowLossFunction;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.Shape;
import dev.gradus.memory.Tensor;
import dev.gradus.memory.TensorType;

/** A loss of each vector of the prediction's last dimension as a whole. */
record RowsLoss(RowLossFunction function) implements Loss {
  @Override
  public String name() {
    return function.name();
  }

  @Override
  public String describe() {
    return function.describe();
  }

  @Override
  public TensorType targetType(final TensorType prediction) {
    return RowLoss.targetType(function, prediction);
  }

  @Override
  public Value rows(final Graph graph, final Value prediction, final Value target) {
    return graph.apply(new RowLoss(function), prediction, target);
  }

  @Override
  public void requireTarget(final Tensor target, final Shape prediction, final int rows) {
    if (function.target() == RowLossFunction.Target.LABEL) {
      requireLabels(target, prediction, rows, NegativeLogLikelihood.NONE);
    } else {
      ElementLoss.requireRange(
          name(), function.lowestTarget(), function.highestTarget(), target, rows);
    }
  }

  /** That the labels of the first rows are classes, or the one to ignore. */
  static void requireLabels(
      final Tensor target, final Shape prediction, final int rows, final int ignoreIndex) {
    final boolean ignores = ignoreIndex != NegativeLogLikelihood.NONE;
    final int classes = prediction.last();
    final long labels = prediction.vectors(1) / prediction.dim(0) * rows;
    for (long i = 0; i < labels; i++) {
      final int label = target.getInt(i);
      if ((label < 0 || label >= classes) && !(ignores && label == ignoreIndex)) {
        final String range = "0 to " + (classes - 1);
        throw GradusException.outOfRange(
            "label " + i, ignores ? range + " or " + ignoreIndex : range, label);
      }
    }
  }
}
