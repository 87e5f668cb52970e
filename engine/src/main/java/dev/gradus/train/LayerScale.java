package dev.gradus.train;

import dev.gradus.memory.Tensor;
import dev.gradus.nn.LogSoftmaxLayer;
import dev.gradus.nn.Network;
import dev.gradus.nn.SoftmaxLayer;
import dev.gradus.optim.Sgd;
import dev.gradus.plan.Parameters;
import dev.gradus.plan.PlanOptions;
import dev.gradus.plan.TrainPlan;
import dev.gradus.train.Finding.Verdict;
import java.util.List;
import java.util.Locale;

/**
 * Whether values explode or vanish on their way through the layers, or gradients on their way back:
 * the root mean square of each layer's outputs, and the norms of the gradients with respect to
 * them. Layers within branches are looked at as all others.
 */
final class LayerScale {
  private static final String CHECK = "scale";
  private static final int ROWS = 64;

  /** Greatest over least norm of the gradients with respect to outputs of layers. */
  private static final double UNUSUAL_RATIO = 1e2;

  private static final double USELESS_RATIO = 1e4;

  /** Root mean square of outputs, or its inverse. */
  private static final double UNUSUAL_OUTPUT = 50;

  private static final double USELESS_OUTPUT = 1e4;

  private LayerScale() {}

  static Finding of(final Trial given) {
    final Trial trial = given.steady();
    final int[] chosen = trial.spread(ROWS);
    try (Parameters copy = trial.copy();
        TrainPlan plan =
            trial.train(copy, new Sgd(1), new PlanOptions(chosen.length).withInspection())) {
      plan.learningRate(0);
      trial.fill(chosen, plan.input(), plan.target());
      plan.step(chosen.length);
      return finding(plan, trial.network().define().parts());
    }
  }

  private static Finding finding(final TrainPlan plan, final List<Network.Part> parts) {
    final Range gradients = new Range();
    final Range outputs = new Range();
    double faintest = Double.POSITIVE_INFINITY;
    final Network.Part last = parts.get(parts.size() - 1);
    for (final Network.Part part : parts) {
      final String path = part.path();
      if (plan.gradientNames().contains(path)) { // not before indices
        final double norm = norm(plan.gradient(path));
        gradients.addLeast(path, norm);
        gradients.addMost(path, norm);
      }
      final boolean shares =
          part.layer() instanceof SoftmaxLayer || part.layer() instanceof LogSoftmaxLayer;
      if (!shares) {
        final Tensor output = plan.activation(path);
        final double spread = norm(output) / Math.sqrt((double) output.elements());
        outputs.addMost(path, spread);
        if (parts.size() == 1 || !path.equals(last.path())) { // which may well start as zeros
          outputs.addLeast(path, spread);
          // What is added to others may well start small.
          final boolean small = path.contains(".") && spread > 1 / USELESS_OUTPUT;
          faintest = small ? faintest : Math.min(faintest, spread);
        }
      }
    }
    final double ratio = gradients.largest / gradients.smallest;
    final double extreme = Math.max(outputs.largest, 1 / faintest);
    final boolean failed = !(ratio < USELESS_RATIO && extreme < USELESS_OUTPUT);
    final boolean unusual = !(ratio < UNUSUAL_RATIO && extreme < UNUSUAL_OUTPUT);
    final String words =
        String.format(
            Locale.ROOT,
            "gradients from %.3g (layer %s) to %.3g (layer %s), outputs from %.3g (layer %s) to"
                + " %.3g (layer %s)",
            gradients.smallest,
            gradients.smallestAt,
            gradients.largest,
            gradients.largestAt,
            outputs.smallest,
            outputs.smallestAt,
            outputs.largest,
            outputs.largestAt);
    return new Finding(
        CHECK,
        failed ? Verdict.FAILED : unusual ? Verdict.SUSPICIOUS : Verdict.OK,
        unusual
            ? words
                + ": they vanish or explode on the way; look at how weights start and inputs"
                + " are scaled"
            : words);
  }

  private static double norm(final Tensor tensor) {
    double sum = 0;
    for (long i = 0; i < tensor.elements(); i++) {
      final double value = tensor.get(i);
      sum += value * value;
    }
    return Math.sqrt(sum);
  }

  /** The smallest and the largest number of layers, with where they were. */
  private static final class Range {
    private double smallest = Double.POSITIVE_INFINITY;
    private double largest = Double.NEGATIVE_INFINITY;
    private String smallestAt;
    private String largestAt;

    void addLeast(final String layer, final double value) {
      if (!(value >= smallest)) {
        smallest = value;
        smallestAt = layer;
      }
    }

    void addMost(final String layer, final double value) {
      if (!(value <= largest)) {
        largest = value;
        largestAt = layer;
      }
    }
  }
}
