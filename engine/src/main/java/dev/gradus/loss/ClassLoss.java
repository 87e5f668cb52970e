package dev.gradus.loss;

import dev.gradus.graph.Graph;
import dev.gradus.graph.Value;
import dev.gradus.graph.op.LabelWeight;
import dev.gradus.graph.op.LogSoftmax;
import dev.gradus.graph.op.Mean;
import dev.gradus.graph.op.RowLoss;
import dev.gradus.graph.op.SoftmaxCrossEntropy;
import dev.gradus.kernel.ClassWeights;
import dev.gradus.kernel.NegativeLogLikelihood;
import dev.gradus.memory.Shape;
import dev.gradus.memory.Tensor;
import dev.gradus.memory.TensorType;

/**
 * {@code -log p[label]} of single classes, {@code p} being softmax of the predictions or, in {@code
 * nll}, their exponentials. The prediction is (N, ..., classes), the target int32 labels (N, ...)
 * from 0 up to classes. With class weights or labels to ignore the divisor of the mean is the sum
 * of what labels count, as PyTorch's; where nothing counts the loss is 0.
 *
 * @param ofLogits whether predictions are logits rather than log-probabilities.
 */
public record ClassLoss(boolean ofLogits, NegativeLogLikelihood function) implements Loss {
  /** Weights for each class, as many as there are; see {@link ClassWeights#balanced}. */
  public ClassLoss withClassWeights(final float... weights) {
    return with(ClassWeights.of(weights));
  }

  /** As {@link #withClassWeights}. */
  public ClassLoss with(final ClassWeights weights) {
    return with(weights, function.labelSmoothing(), function.ignoreIndex());
  }

  /**
   * Label smoothing: this share of the target is spread over all classes.
   *
   * @param share 0 to 1, usually 0.1.
   */
  public ClassLoss withLabelSmoothing(final float share) {
    return with(function.weights(), share, function.ignoreIndex());
  }

  /** A label, in range or not, of rows that don't count, padding for instance. */
  public ClassLoss withIgnoreIndex(final int label) {
    return with(function.weights(), function.labelSmoothing(), label);
  }

  private ClassLoss with(
      final ClassWeights weights, final float labelSmoothing, final int ignoreIndex) {
    return new ClassLoss(ofLogits, new NegativeLogLikelihood(weights, labelSmoothing, ignoreIndex));
  }

  @Override
  public String name() {
    return ofLogits ? "cross-entropy" : function.name();
  }

  @Override
  public String describe() {
    return ofLogits && function.labelSmoothing() > 0
        ? name() + '(' + function.labelSmoothing() + ')'
        : name();
  }

  @Override
  public TensorType targetType(final TensorType prediction) {
    return ofLogits
        ? SoftmaxCrossEntropy.labelType(prediction)
        : RowLoss.targetType(function, prediction);
  }

  @Override
  public void requireTarget(final Tensor target, final Shape prediction, final int rows) {
    RowsLoss.requireLabels(target, prediction, rows, function.ignoreIndex());
  }

  @Override
  public Value rows(final Graph graph, final Value prediction, final Value target) {
    if (ofLogits && function.isPlain()) {
      return graph.applyAll(new SoftmaxCrossEntropy(), prediction, target).get(0);
    }
    final Value logProbabilities =
        ofLogits ? graph.apply(new LogSoftmax(), prediction) : prediction;
    return graph.apply(new RowLoss(function), logProbabilities, target);
  }

  @Override
  public Value mean(final Graph graph, final Value rows, final Value target, final Value weights) {
    if (!function.isWeighted()) {
      return Loss.super.mean(graph, rows, target, weights);
    }
    final Value counts = graph.apply(new LabelWeight(function), target);
    final Mean mean = new Mean(true);
    return weights == null
        ? graph.apply(mean, rows, counts)
        : graph.apply(mean, rows, counts, weights);
  }
}
