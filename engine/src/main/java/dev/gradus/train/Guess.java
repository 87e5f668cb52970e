package dev.gradus.train;

import dev.gradus.data.Batches;
import dev.gradus.data.Dataset;
import dev.gradus.data.OutputBias;
import dev.gradus.loss.ClassLoss;
import dev.gradus.memory.Shape;
import dev.gradus.memory.TensorType;
import dev.gradus.nn.ActivationLayer;
import dev.gradus.nn.Activations;
import dev.gradus.nn.Network;
import dev.gradus.plan.Parameters;
import java.util.Arrays;

/**
 * The prediction of a network that knows nothing yet, the same for every row, and its loss on the
 * sample, computed by the loss itself.
 *
 * @param name in words.
 * @param ofNumbers whether targets are numbers, of a scale of their own.
 * @param loss of that prediction.
 * @param sharesLoss of guessing each class by its share of the sample; as loss without classes.
 */
record Guess(String name, boolean ofNumbers, double loss, double sharesLoss) {
  /** That of a loss that theory knows one for, else null. */
  static Guess of(final Trial trial) {
    final Shape output = trial.network().output().shape();
    final int classes = output.last();
    final float[] row = new float[Math.toIntExact(output.rowElements())];
    final String even = "even guesses of " + classes + " classes";
    return switch (trial.loss().name()) {
      case "cross-entropy" -> ofClasses(trial, even + ", ln " + classes + ",", row);
      case "multi-class-hinge", "soft-cross-entropy" -> ofClasses(trial, even, row);
      case "nll", "kl-divergence" -> {
        Arrays.fill(row, (float) -Math.log(classes));
        yield ofClasses(trial, even, row);
      }
      case "categorical-cross-entropy" -> {
        Arrays.fill(row, 1f / classes);
        yield ofClasses(trial, even, row);
      }
      case "binary-cross-entropy" -> ofClasses(trial, "guesses of one half, ln 2,", row);
      case "mse" -> ofNumbers(trial, "the targets' mean, their variance,");
      case "mae", "huber", "smooth-l1" -> ofNumbers(trial, "the targets' mean");
      default -> null;
    };
  }

  private static Guess ofClasses(final Trial trial, final String name, final float[] row) {
    final double loss = loss(trial, row);
    final int rank = trial.network().output().shape().rank();
    final boolean labels = trial.loss() instanceof ClassLoss && rank == 2;
    final double shares =
        labels ? loss(trial, OutputBias.logShares(trial.data().targets(), row.length)) : loss;
    return new Guess(name, false, loss, shares);
  }

  private static Guess ofNumbers(final Trial trial, final String name) {
    final double loss = loss(trial, OutputBias.mean(trial.data().targets()));
    return new Guess(name, true, loss, loss);
  }

  /** The loss of a prediction, through a network that hands it on. */
  private static double loss(final Trial trial, final float[] row) {
    final TensorType output = trial.network().output();
    final Network same = Network.of(output.shape(), new ActivationLayer(Activations.LINEAR));
    final int rows = trial.data().rows();
    try (Parameters none = Parameters.zeros(trial.engine(), same);
        Dataset guesses =
            Dataset.open(trial.engine().account(), output, trial.loss().targetType(output), rows)) {
      for (long i = 0; i < guesses.features().elements(); i++) {
        guesses.features().set(i, row[(int) (i % row.length)]);
      }
      guesses.targets().segment().copyFrom(trial.data().targets().segment());
      final Batches batches = Trial.batches(guesses);
      return Evaluation.of(trial.engine(), same, none, trial.loss(), batches).loss();
    }
  }
}
