package dev.gradus.loss;

import dev.gradus.kernel.AbsoluteError;
import dev.gradus.kernel.Adversarial;
import dev.gradus.kernel.BinaryCrossEntropy;
import dev.gradus.kernel.BinaryCrossEntropyOfProbabilities;
import dev.gradus.kernel.CategoricalCrossEntropy;
import dev.gradus.kernel.ClassWeights;
import dev.gradus.kernel.CosineDistance;
import dev.gradus.kernel.CosineEmbedding;
import dev.gradus.kernel.Dice;
import dev.gradus.kernel.Hinge;
import dev.gradus.kernel.Huber;
import dev.gradus.kernel.KlDivergence;
import dev.gradus.kernel.LossFunction;
import dev.gradus.kernel.MultiClassHinge;
import dev.gradus.kernel.NegativeLogLikelihood;
import dev.gradus.kernel.Poisson;
import dev.gradus.kernel.SquaredError;
import dev.gradus.kernel.TripletMargin;
import dev.gradus.kernel.Wasserstein;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.Names;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** The table of losses by name. */
public final class Losses {
  private static final NegativeLogLikelihood PLAIN =
      new NegativeLogLikelihood(ClassWeights.EQUAL, 0f, NegativeLogLikelihood.NONE);

  private static final Map<String, Loss> TABLE = new LinkedHashMap<>();

  /** Those of the table that take a number. */
  private static final Map<String, Function<Float, Loss>> WITH_NUMBER =
      Map.of(
          "huber", Losses::huber,
          "smooth-l1", Losses::smoothL1,
          "binary-cross-entropy", Losses::binaryCrossEntropy,
          "multi-class-hinge", Losses::multiClassHinge,
          "dice", Losses::dice,
          "cosine-embedding", Losses::cosineEmbedding,
          "triplet-margin", Losses::tripletMargin,
          "cross-entropy", share -> softmaxCrossEntropy().withLabelSmoothing(share));

  static {
    for (final Loss loss :
        new Loss[] {
          softmaxCrossEntropy(),
          negativeLogLikelihood(),
          softCrossEntropy(),
          categoricalCrossEntropy(),
          klDivergence(),
          binaryCrossEntropy(1f),
          binaryCrossEntropyOfProbabilities(),
          hinge(),
          multiClassHinge(1f),
          meanSquaredError(),
          meanAbsoluteError(),
          huber(1f),
          smoothL1(1f),
          poisson(),
          poissonRate(),
          dice(1f),
          cosine(),
          cosineEmbedding(0f),
          tripletMargin(1f),
          ganDiscriminator(),
          ganGenerator(),
          ganMinimaxGenerator(),
          leastSquaresDiscriminator(),
          leastSquaresGenerator(),
          wassersteinCritic(),
          wassersteinGenerator()
        }) {
      TABLE.put(loss.name(), loss);
    }
  }

  private Losses() {}

  /**
   * Softmax cross-entropy from logits and class indices; class weights, label smoothing and a label
   * to ignore are set on what this gives.
   */
  public static ClassLoss softmaxCrossEntropy() {
    return new ClassLoss(true, PLAIN);
  }

  /** The same from log-probabilities, a log-softmax layer's. */
  public static ClassLoss negativeLogLikelihood() {
    return new ClassLoss(false, PLAIN);
  }

  /** Hinge loss of several classes from scores and class indices, see {@link MultiClassHinge}. */
  public static Loss multiClassHinge(final float margin) {
    return new RowsLoss(new MultiClassHinge(margin));
  }

  /** Dice loss of a row of probabilities and a mask, see {@link Dice}. */
  public static Loss dice(final float smooth) {
    return new RowsLoss(new Dice(smooth));
  }

  /** One minus the cosine of the angle between prediction and target. */
  public static Loss cosine() {
    return new RowsLoss(new CosineDistance());
  }

  /**
   * Cosine embedding loss: the prediction's two halves shall be near each other where the target is
   * 1, apart where it is -1, see {@link CosineEmbedding}.
   *
   * @param margin the cosine below which they are apart enough, usually 0.
   */
  public static Loss cosineEmbedding(final float margin) {
    return new RowsLoss(new CosineEmbedding(margin));
  }

  /**
   * Triplet loss: the prediction is anchor, positive and negative, three equal parts of a row one
   * behind the other, see {@link TripletMargin}. The target, a number for each row, is not read.
   */
  public static Loss tripletMargin(final float margin) {
    return new RowsLoss(new TripletMargin(margin));
  }

  /** Softmax cross-entropy from logits and the probability of each class. */
  public static Loss softCrossEntropy() {
    return new SoftCrossEntropyLoss();
  }

  /** Cross-entropy from probabilities, a softmax layer's, and the probability of each class. */
  public static Loss categoricalCrossEntropy() {
    return new ElementLoss(new CategoricalCrossEntropy());
  }

  /** Kullback-Leibler divergence from log-probabilities and the probability of each class. */
  public static Loss klDivergence() {
    return new ElementLoss(new KlDivergence());
  }

  /**
   * Binary cross-entropy from logits and targets from 0 to 1, for each output on its own.
   *
   * @param positiveWeight what the positive class counts, usually 1; the number of negatives for
   *     each positive evens out both.
   */
  public static Loss binaryCrossEntropy(final float positiveWeight) {
    return new ElementLoss(new BinaryCrossEntropy(positiveWeight));
  }

  /** Binary cross-entropy from probabilities, a sigmoid's; that of logits is more precise. */
  public static Loss binaryCrossEntropyOfProbabilities() {
    return new ElementLoss(new BinaryCrossEntropyOfProbabilities());
  }

  /** Hinge loss of scores and targets -1 or 1: {@code max(0, 1 - t * p)}. */
  public static Loss hinge() {
    return new ElementLoss(new Hinge());
  }

  /** Mean squared error: the mean of {@code (p - t)^2}. */
  public static Loss meanSquaredError() {
    return new ElementLoss(new SquaredError());
  }

  /** Mean absolute error: the mean of {@code |p - t|}. */
  public static Loss meanAbsoluteError() {
    return new ElementLoss(new AbsoluteError());
  }

  /** Huber's loss, see {@link Huber}: squared up to an error of delta, linear beyond. */
  public static Loss huber(final float delta) {
    return new ElementLoss(new Huber(delta, false));
  }

  /** Smooth L1: Huber's loss divided by its delta. */
  public static Loss smoothL1(final float beta) {
    return new ElementLoss(new Huber(beta, true));
  }

  /** Poisson's negative log-likelihood from logarithms of rates, and counts. */
  public static Loss poisson() {
    return new ElementLoss(new Poisson(true));
  }

  /** Poisson's negative log-likelihood from rates, and counts. */
  public static Loss poissonRate() {
    return new ElementLoss(new Poisson(false));
  }

  /**
   * The discriminator's {@code -t * log(sigmoid(x)) - (1 - t) * log(1 - sigmoid(x))} from logits
   * and targets, 1 for real samples and 0 for generated ones.
   */
  public static Loss ganDiscriminator() {
    return adversarial("gan-discriminator", new BinaryCrossEntropy(1f), 1f, Float.NaN);
  }

  /**
   * The generator's non-saturating {@code -log(sigmoid(x))} of the discriminator's logits for what
   * it has generated. Targets are not read, as in all losses of generators.
   */
  public static Loss ganGenerator() {
    return adversarial("gan-generator", new BinaryCrossEntropy(1f), 1f, 1f);
  }

  /** The generator's {@code log(1 - sigmoid(x))} of the minimax game, which saturates. */
  public static Loss ganMinimaxGenerator() {
    return adversarial("gan-minimax-generator", new BinaryCrossEntropy(1f), -1f, 0f);
  }

  /** The discriminator's {@code (x - t)^2 / 2}, targets as {@link #ganDiscriminator()}. */
  public static Loss leastSquaresDiscriminator() {
    return adversarial("lsgan-discriminator", new SquaredError(), 0.5f, Float.NaN);
  }

  /** The generator's {@code (x - 1)^2 / 2}. */
  public static Loss leastSquaresGenerator() {
    return adversarial("lsgan-generator", new SquaredError(), 0.5f, 1f);
  }

  /**
   * The critic's score, {@code x} for generated samples and {@code -x} for real ones, targets as
   * {@link #ganDiscriminator()}. In a batch of as many real as generated ones its mean is half of
   * Wasserstein's distance, negated. The critic's weights must be kept small.
   */
  public static Loss wassersteinCritic() {
    return adversarial("wgan-critic", new Wasserstein(), 1f, Float.NaN);
  }

  /** The generator's {@code -x} of the critic's scores. */
  public static Loss wassersteinGenerator() {
    return adversarial("wgan-generator", new Wasserstein(), 1f, 1f);
  }

  private static Loss adversarial(
      final String name, final LossFunction score, final float factor, final float fixedTarget) {
    return new ElementLoss(new Adversarial(name, score, factor, fixedTarget));
  }

  public static Set<String> names() {
    return Collections.unmodifiableSet(TABLE.keySet());
  }

  /**
   * The loss of that name, with its usual parameter or the one in parentheses: {@code mse}, {@code
   * huber(0.5)}, {@code binary-cross-entropy(3)} with a weight for positives, {@code
   * cross-entropy(0.1)} with label smoothing. Underscores may stand for hyphens.
   *
   * @throws GradusException where the name is unknown or the parameter doesn't fit.
   */
  public static Loss byName(final String text) {
    final int open = text.indexOf('(');
    final boolean argument = open >= 0 && text.endsWith(")");
    final String name = (argument ? text.substring(0, open) : text).replace('_', '-');
    final Loss usual = TABLE.get(name);
    if (usual == null) {
      throw Names.unknown("loss", argument ? text.substring(0, open) : text, TABLE.keySet());
    }
    return argument ? withNumber(name, text.substring(open + 1, text.length() - 1).strip()) : usual;
  }

  private static Loss withNumber(final String name, final String argument) {
    final Function<Float, Loss> make = WITH_NUMBER.get(name);
    if (make == null) {
      throw GradusException.mismatch("arguments of " + name, "none", argument);
    }
    try {
      return make.apply(Float.parseFloat(argument));
    } catch (final NumberFormatException e) {
      throw new GradusException(
          "argument of " + name + " mismatch: expected=a number, actual=\"" + argument + '"', e);
    }
  }
}
