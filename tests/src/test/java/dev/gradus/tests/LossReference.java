package dev.gradus.tests;

import dev.gradus.loss.Loss;
import dev.gradus.nn.ActivationLayer;
import dev.gradus.nn.Activations;
import dev.gradus.nn.Layer;
import dev.gradus.nn.LogSoftmaxLayer;
import dev.gradus.nn.Network;
import dev.gradus.nn.SoftmaxLayer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.function.ToDoubleBiFunction;

/**
 * A loss straight from its definition, apart from the ops it is composed of. Adding a loss takes
 * one row here; those of single elements have theirs in {@link LossFunctionReference}.
 *
 * @param value the loss of prediction and target.
 * @param predictions how they are drawn.
 * @param targets how they are drawn for predictions of that last dimension.
 */
record LossReference(
    ToDoubleBiFunction<RealTensor, RealTensor> value, Draw predictions, IntFunction<Draw> targets) {
  private static final Map<String, LossReference> TABLE = new LinkedHashMap<>();

  /** What makes a network's outputs fit for a loss that wants more than any number. */
  private static final Map<String, Layer> HEADS =
      Map.of(
          "binary-cross-entropy-probabilities", new ActivationLayer(Activations.SIGMOID),
          "categorical-cross-entropy", new SoftmaxLayer(),
          "dice", new ActivationLayer(Activations.SIGMOID),
          "kl-divergence", new LogSoftmaxLayer(),
          "nll", new LogSoftmaxLayer(),
          "poisson-rate", new ActivationLayer(Activations.SOFTPLUS));

  static {
    TABLE.put(
        "cross-entropy",
        new LossReference(LossReference::crossEntropy, Draw.normal(), Draw::labels));
    for (final LossFunctionReference function : LossFunctionReference.all()) {
      TABLE.putIfAbsent(function.function().name(), of(function)); // the usual settings come first
    }
    TABLE.remove("wasserstein"); // a part of others
    for (final RowLossReference function : RowLossReference.all()) {
      TABLE.putIfAbsent(function.function().name(), of(function));
    }
    TABLE.remove("gradient-penalty"); // of gradients rather than predictions
    TABLE.put(
        "soft-cross-entropy",
        new LossReference(
            LossReference::softCrossEntropy,
            Draw.normal(),
            last -> TABLE.get("kl-divergence").target(last)));
  }

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

  private static LossReference of(final LossFunctionReference function) {
    return new LossReference(
        (prediction, target) -> mean(function, prediction, target),
        function.predictions(),
        last -> function.targets());
  }

  private static LossReference of(final RowLossReference function) {
    return new LossReference(
        (prediction, target) -> mean(function, prediction, target),
        function.predictions(),
        function.targets());
  }

  /** A network whose outputs the loss can take. */
  static Network fit(final Network network, final String loss) {
    final Layer head = HEADS.get(loss);
    return head == null ? network : network.then(head);
  }

  /** How targets are drawn for predictions of that last dimension. */
  Draw target(final int last) {
    return targets.apply(last);
  }

  private static double mean(
      final LossFunctionReference function, final RealTensor prediction, final RealTensor target) {
    double sum = 0;
    for (int i = 0; i < prediction.length(); i++) {
      sum += function.term().of(prediction.at(i), target.at(i));
    }
    return sum / (function.function().summed() ? prediction.vectors() : prediction.length());
  }

  private static double mean(
      final RowLossReference function, final RealTensor prediction, final RealTensor target) {
    final int rows = prediction.vectors();
    double sum = 0;
    for (int r = 0; r < rows; r++) {
      sum +=
          function
              .loss()
              .of(RowLossReference.row(prediction, rows, r), RowLossReference.row(target, rows, r));
    }
    return sum / rows;
  }

  private static double crossEntropy(final RealTensor logits, final RealTensor labels) {
    double sum = 0;
    for (int row = 0; row < logits.vectors(); row++) {
      sum -= Math.log(probability(logits, row, (int) labels.at(row)));
    }
    return sum / logits.vectors();
  }

  private static double softCrossEntropy(final RealTensor logits, final RealTensor targets) {
    double sum = 0;
    for (int row = 0; row < logits.vectors(); row++) {
      for (int i = 0; i < logits.columns(); i++) {
        sum -= targets.at(row, i) * Math.log(probability(logits, row, i));
      }
    }
    return sum / logits.vectors();
  }

  private static double probability(final RealTensor logits, final int row, final int label) {
    double partition = 0;
    for (int i = 0; i < logits.columns(); i++) {
      partition += Math.exp(logits.at(row, i));
    }
    return Math.exp(logits.at(row, label)) / partition;
  }
}
