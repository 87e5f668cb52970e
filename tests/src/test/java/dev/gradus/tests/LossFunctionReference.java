package dev.gradus.tests;

import dev.gradus.graph.Op;
import dev.gradus.graph.op.ElementwiseLoss;
import dev.gradus.graph.op.ElementwiseLossGradient;
import dev.gradus.kernel.AbsoluteError;
import dev.gradus.kernel.Adversarial;
import dev.gradus.kernel.BinaryCrossEntropy;
import dev.gradus.kernel.BinaryCrossEntropyOfProbabilities;
import dev.gradus.kernel.CategoricalCrossEntropy;
import dev.gradus.kernel.Hinge;
import dev.gradus.kernel.Huber;
import dev.gradus.kernel.KlDivergence;
import dev.gradus.kernel.LossFunction;
import dev.gradus.kernel.Poisson;
import dev.gradus.kernel.SoftTargets;
import dev.gradus.kernel.SquaredError;
import dev.gradus.kernel.Wasserstein;
import java.util.List;

/**
 * A loss of single elements in double precision, straight from its definition.
 *
 * @param function what it stands beside, with its settings.
 * @param term of prediction and target.
 * @param slope of the term with respect to the prediction.
 * @param termError how far a float32 term may be off, in units of {@link RealTensor#ROUNDING}.
 * @param slopeError likewise for the slope.
 * @param predictions how they are drawn.
 * @param targets how they are drawn.
 */
record LossFunctionReference(
    LossFunction function,
    Pair term,
    Pair slope,
    Pair termError,
    Pair slopeError,
    Draw predictions,
    Draw targets) {

  /** A function of prediction and target. */
  @FunctionalInterface
  interface Pair {
    double of(double p, double t);
  }

  private static final double EPSILON = 1e-8f;

  /** Roundings allowed for one exp or log: 4 ulp. */
  private static final double TRANSCENDENTAL = 8;

  private static final Draw PROBABILITY = Draw.each(LossFunctionReference::sigmoid);
  private static final Draw LOG_PROBABILITY = Draw.each(x -> -Math.abs(3 * x));
  private static final Draw SIGN = Draw.each(Math::signum);

  /** Every function, some with several settings. */
  static List<LossFunctionReference> all() {
    final LossFunctionReference squared =
        new LossFunctionReference(
            new SquaredError(),
            (p, t) -> Math.pow(p - t, 2),
            (p, t) -> 2 * (p - t),
            (p, t) -> 3 * Math.pow(p - t, 2),
            (p, t) -> Math.abs(p - t) * 2,
            Draw.normal(),
            Draw.normal());
    final LossFunctionReference binary = binary(1f);
    final LossFunctionReference wasserstein =
        new LossFunctionReference(
            new Wasserstein(),
            (x, t) -> (1 - 2 * t) * x,
            (x, t) -> 1 - 2 * t,
            (x, t) -> 2 * Math.abs(x),
            (x, t) -> 1,
            Draw.normal(),
            PROBABILITY);
    return List.of(
        squared,
        new LossFunctionReference(
            new AbsoluteError(),
            (p, t) -> Math.abs(p - t),
            (p, t) -> Math.signum(p - t),
            (p, t) -> Math.abs(p - t),
            (p, t) -> 0,
            Draw.normal(),
            Draw.normal()),
        huber(1f, false),
        huber(0.25f, false),
        huber(1f, true),
        huber(0.25f, true),
        binary,
        binary(3.5f),
        binaryOfProbabilities(),
        ofClasses(
            new CategoricalCrossEntropy(),
            (p, t) -> -t * Math.log(p),
            (p, t) -> -t / p,
            (p, t) -> -t * Math.log(p) * (TRANSCENDENTAL + 2),
            PROBABILITY),
        ofClasses(
            new SoftTargets(),
            (p, t) -> -t * p,
            (p, t) -> -t,
            (p, t) -> Math.abs(t * p),
            LOG_PROBABILITY),
        ofClasses(
            new KlDivergence(),
            (p, t) -> t == 0 ? 0 : t * (Math.log(t) - p),
            (p, t) -> -t,
            (p, t) -> t == 0 ? 0 : t * (TRANSCENDENTAL * Math.abs(Math.log(t)) + 2 * Math.abs(p)),
            LOG_PROBABILITY),
        new LossFunctionReference(
            new Poisson(true),
            (p, t) -> Math.exp(p) - t * p,
            (p, t) -> Math.exp(p) - t,
            (p, t) -> 4 * TRANSCENDENTAL * Math.exp(p) + 3 * Math.abs(t * p),
            (p, t) -> 4 * TRANSCENDENTAL * Math.exp(p) + t,
            Draw.scaled(2),
            Draw.each(x -> Math.floor(Math.abs(3 * x)))),
        new LossFunctionReference(
            new Poisson(false),
            (p, t) -> p - t * Math.log(p + EPSILON),
            (p, t) -> 1 - t / (p + EPSILON),
            (p, t) -> 2 * p + t * ((TRANSCENDENTAL + 3) * Math.abs(Math.log(p + EPSILON)) + 1),
            (p, t) -> 1 + 3 * t / p,
            Draw.each(Math::exp),
            Draw.each(x -> Math.floor(Math.abs(3 * x)))),
        new LossFunctionReference(
            new Hinge(),
            (p, t) -> Math.max(0, 1 - t * p),
            (p, t) -> 1 - t * p > 0 ? -t : 0,
            (p, t) -> 2 * (1 + Math.abs(p)),
            (p, t) -> 0,
            Draw.normal(),
            SIGN),
        wasserstein,
        adversarial("gan-discriminator", binary, 1f, Float.NaN),
        adversarial("gan-generator", binary, 1f, 1f),
        adversarial("gan-minimax-generator", binary, -1f, 0f),
        adversarial("lsgan-discriminator", squared, 0.5f, Float.NaN),
        adversarial("lsgan-generator", squared, 0.5f, 1f),
        adversarial("wgan-critic", wasserstein, 1f, Float.NaN),
        adversarial("wgan-generator", wasserstein, 1f, 1f));
  }

  static double sigmoid(final double x) {
    return 1 / (1 + Math.exp(-x));
  }

  private static double softplus(final double x) {
    return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
  }

  private static LossFunctionReference huber(final float delta, final boolean divided) {
    final double divisor = divided ? delta : 1;
    final Pair term =
        (p, t) -> {
          final double d = Math.abs(p - t);
          return (d <= delta ? d * d / 2 : delta * (d - delta / 2)) / divisor;
        };
    final Pair slope = (p, t) -> Math.max(-delta, Math.min(delta, p - t)) / divisor;
    return new LossFunctionReference(
        new Huber(delta, divided),
        term,
        slope,
        (p, t) -> 8 * term.of(p, t),
        (p, t) -> 2 * Math.abs(slope.of(p, t)),
        Draw.normal(),
        Draw.normal());
  }

  private static LossFunctionReference binary(final float weight) {
    final Pair term = (x, t) -> (1 - t) * softplus(x) + weight * t * softplus(-x);
    return new LossFunctionReference(
        new BinaryCrossEntropy(weight),
        term,
        (x, t) -> (1 - t) * sigmoid(x) - weight * t * sigmoid(-x),
        (x, t) -> 3 * TRANSCENDENTAL * term.of(x, t),
        (x, t) -> 3 * TRANSCENDENTAL * ((1 - t) * sigmoid(x) + weight * t * sigmoid(-x)),
        Draw.scaled(4),
        PROBABILITY);
  }

  private static LossFunctionReference binaryOfProbabilities() {
    final Pair term = (p, t) -> -t * Math.log(p) - (1 - t) * Math.log(1 - p);
    return new LossFunctionReference(
        new BinaryCrossEntropyOfProbabilities(),
        term,
        (p, t) -> (p - t) / (p * (1 - p)),
        (p, t) -> 1 + (TRANSCENDENTAL + 3) * term.of(p, t), // 1 - p is rounded
        (p, t) -> 6 * Math.abs(p - t) / (p * (1 - p)),
        PROBABILITY,
        PROBABILITY);
  }

  /** A loss whose targets are each class's probability, some of them 0. */
  private static LossFunctionReference ofClasses(
      final LossFunction function,
      final Pair term,
      final Pair slope,
      final Pair termError,
      final Draw predictions) {
    return new LossFunctionReference(
        function,
        term,
        slope,
        termError,
        (p, t) -> 2 * Math.abs(slope.of(p, t)),
        predictions,
        Draw.each(x -> x < -1 ? 0 : sigmoid(x)));
  }

  private static LossFunctionReference adversarial(
      final String name,
      final LossFunctionReference score,
      final float factor,
      final float fixedTarget) {
    final boolean given = Float.isNaN(fixedTarget);
    return new LossFunctionReference(
        new Adversarial(name, score.function, factor, fixedTarget),
        (x, t) -> factor * score.term.of(x, given ? t : fixedTarget),
        (x, t) -> factor * score.slope.of(x, given ? t : fixedTarget),
        (x, t) -> score.termError.of(x, given ? t : fixedTarget),
        (x, t) -> score.slopeError.of(x, given ? t : fixedTarget),
        score.predictions,
        given ? PROBABILITY : Draw.normal());
  }

  private static LossFunctionReference of(final LossFunction function) {
    return all().stream()
        .filter(reference -> reference.function.equals(function))
        .findFirst()
        .orElseThrow(() -> new AssertionError(function + " has no reference"));
  }

  static List<RealTensor> rows(final Op op, final List<RealTensor> inputs) {
    final LossFunctionReference reference = of(((ElementwiseLoss) op).function());
    final RealTensor prediction = inputs.get(0);
    final RealTensor rows = RealTensor.zeros(prediction.shape().withoutLast());
    final int n = prediction.columns();
    final int divisor = reference.function.summed() ? 1 : n;
    for (int row = 0; row < rows.length(); row++) {
      double sum = 0;
      double error = 0;
      for (int i = 0; i < n; i++) {
        final double p = prediction.at(row, i);
        final double t = inputs.get(1).at(row, i);
        final double term = reference.term.of(p, t);
        sum += term;
        // Each term takes part in n additions at most, then in a division.
        error += reference.termError.of(p, t) + (n + 1) * Math.abs(term);
      }
      rows.set(row, sum / divisor, error / divisor);
    }
    return List.of(rows);
  }

  static List<RealTensor> gradient(final Op op, final List<RealTensor> inputs) {
    final LossFunctionReference reference = of(((ElementwiseLossGradient) op).function());
    final RealTensor prediction = inputs.get(0);
    final RealTensor d = RealTensor.zeros(prediction.shape());
    final int divisor = reference.function.summed() ? 1 : d.columns();
    for (int i = 0; i < d.length(); i++) {
      final double p = prediction.at(i);
      final double t = inputs.get(1).at(i);
      final double factor = inputs.get(2).at(i / d.columns()) / divisor;
      final double slope = reference.slope.of(p, t);
      final double error = reference.slopeError.of(p, t) + 3 * Math.abs(slope);
      d.set(i, slope * factor, error * Math.abs(factor));
    }
    return List.of(d);
  }
}
