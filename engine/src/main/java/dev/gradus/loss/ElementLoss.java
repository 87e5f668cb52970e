package dev.gradus.loss;

import dev.gradus.graph.Graph;
import dev.gradus.graph.Value;
import dev.gradus.graph.op.ElementwiseLoss;
import dev.gradus.kernel.LossFunction;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.Shape;
import dev.gradus.memory.Tensor;

/** A loss of each element; the target has the prediction's shape. */
record ElementLoss(LossFunction function) implements Loss {
  @Override
  public String name() {
    return function.name();
  }

  @Override
  public String describe() {
    return function.describe();
  }

  @Override
  public Value rows(final Graph graph, final Value prediction, final Value target) {
    return graph.apply(new ElementwiseLoss(function), prediction, target);
  }

  @Override
  public void requireTarget(final Tensor target, final Shape prediction, final int rows) {
    requireRange(name(), function.lowestTarget(), function.highestTarget(), target, rows);
  }

  /** That the first rows are from low to high; NaN is nowhere, unless the range is unbounded. */
  static void requireRange(
      final String name, final float low, final float high, final Tensor target, final int rows) {
    if (low == Float.NEGATIVE_INFINITY && high == Float.POSITIVE_INFINITY) {
      return;
    }
    final long count = target.elements() / target.shape().dim(0) * rows;
    for (long i = 0; i < count; i++) {
      final float value = target.get(i);
      if (!(value >= low && value <= high)) {
        throw GradusException.outOfRange("target " + i + " of " + name, low + " to " + high, value);
      }
    }
  }
}
