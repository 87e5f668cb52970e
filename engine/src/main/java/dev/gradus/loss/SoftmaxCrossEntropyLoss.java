package dev.gradus.loss;

import dev.gradus.graph.Graph;
import dev.gradus.graph.Value;
import dev.gradus.graph.op.SoftmaxCrossEntropy;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.Shape;
import dev.gradus.memory.Tensor;
import dev.gradus.memory.TensorType;

/**
 * {@code mean(-log softmax(logits)[label])} over the batch; the prediction is logits (N, classes),
 * the target int32 labels (N) from 0 up to classes.
 */
public record SoftmaxCrossEntropyLoss() implements Loss {
  @Override
  public String name() {
    return "cross-entropy";
  }

  @Override
  public TensorType targetType(final TensorType prediction) {
    return SoftmaxCrossEntropy.labelType(prediction);
  }

  @Override
  public void requireTarget(final Tensor target, final Shape prediction, final int rows) {
    final int classes = prediction.last();
    final long labels = prediction.vectors(1) / prediction.dim(0) * rows;
    for (long i = 0; i < labels; i++) {
      final int label = target.getInt(i);
      if (label < 0 || label >= classes) {
        throw GradusException.outOfRange("label " + i, "0 to " + (classes - 1), label);
      }
    }
  }

  @Override
  public Value rows(final Graph graph, final Value prediction, final Value target) {
    return graph.applyAll(new SoftmaxCrossEntropy(), prediction, target).get(0);
  }
}
