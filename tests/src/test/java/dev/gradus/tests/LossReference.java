package dev.gradus.tests;

import dev.gradus.loss.Loss;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleBiFunction;

/**
 * A loss straight from its definition, apart from the ops it is composed of. Adding a loss takes
 * one row here.
 *
 * @param value the loss of prediction and target.
 * @param labels whether targets are class indices, else they are as the prediction.
 */
record LossReference(ToDoubleBiFunction<RealTensor, RealTensor> value, boolean labels) {
  private static final Map<String, LossReference> TABLE =
      Map.of(
          "mse",
          new LossReference(LossReference::meanSquaredError, false),
          "cross-entropy",
          new LossReference(LossReference::crossEntropy, true));

  static Set<String> names() {
    return TABLE.keySet();
  }

  static LossReference of(final Loss loss) {
    final LossReference reference = TABLE.get(loss.name());
    if (reference == null) {
      throw new AssertionError("loss " + loss.name() + " has no row among the references");
    }
    return reference;
  }

  /** How targets are drawn for predictions of that last dimension. */
  Draw target(final int last) {
    return labels ? Draw.labels(last) : Draw.normal();
  }

  private static double meanSquaredError(final RealTensor prediction, final RealTensor target) {
    double sum = 0;
    for (int i = 0; i < prediction.length(); i++) {
      sum += Math.pow(prediction.at(i) - target.at(i), 2);
    }
    return sum / prediction.length();
  }

  private static double crossEntropy(final RealTensor logits, final RealTensor labels) {
    double sum = 0;
    for (int row = 0; row < logits.vectors(); row++) {
      double partition = 0;
      for (int i = 0; i < logits.columns(); i++) {
        partition += Math.exp(logits.at(row, i));
      }
      sum -= Math.log(Math.exp(logits.at(row, (int) labels.at(row))) / partition);
    }
    return sum / logits.vectors();
  }
}
