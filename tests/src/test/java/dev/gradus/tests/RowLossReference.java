package dev.gradus.tests;

import dev.gradus.graph.Op;
import dev.gradus.graph.op.RowLoss;
import dev.gradus.graph.op.RowLossGradient;
import dev.gradus.kernel.ClassWeights;
import dev.gradus.kernel.CosineDistance;
import dev.gradus.kernel.CosineEmbedding;
import dev.gradus.kernel.Dice;
import dev.gradus.kernel.GradientPenalty;
import dev.gradus.kernel.MultiClassHinge;
import dev.gradus.kernel.NegativeLogLikelihood;
import dev.gradus.kernel.RowLossFunction;
import dev.gradus.kernel.TripletMargin;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Stream;

/**
 * A loss of a whole row in double precision, straight from its definition.
 *
 * @param function what it stands beside, with its settings.
 * @param loss of a row's predictions and targets.
 * @param slope of the loss with respect to each prediction.
 * @param predictions how they are drawn.
 * @param targets how they are drawn for predictions of that last dimension.
 */
record RowLossReference(
    RowLossFunction function, Row loss, Slope slope, Draw predictions, IntFunction<Draw> targets) {

  /** A function of predictions and targets. */
  @FunctionalInterface
  interface Row {
    double of(double[] p, double[] t);
  }

  /** A row of derivatives. */
  @FunctionalInterface
  interface Slope {
    double[] of(double[] p, double[] t);
  }

  /** Sums are made in double precision: what is left is rounding the result, and its factor. */
  private static final double ROUNDINGS = 2;

  /** What double precision loses where large numbers cancel, in float32's roundings. */
  private static final double CANCELLED = 1e-6;

  private static final Draw LOG_PROBABILITY = Draw.each(x -> -Math.abs(3 * x));
  private static final Draw PROBABILITY = Draw.each(LossFunctionReference::sigmoid);

  /** Every function, some with several settings, the usual ones first. */
  static List<RowLossReference> all() {
    return List.of(
        likelihood(0f, NegativeLogLikelihood.NONE),
        likelihood(0.1f, NegativeLogLikelihood.NONE),
        likelihood(0.25f, 0),
        hinge(1f),
        hinge(0.3f),
        dice(1f),
        dice(0.01f),
        new RowLossReference(
            new CosineDistance(),
            (p, t) -> 1 - cosine(p, t),
            (p, t) -> scaled(-1, cosineSlope(p, t)),
            Draw.normal(),
            last -> Draw.normal()),
        new RowLossReference(
            new GradientPenalty(),
            (p, t) -> Math.pow(length(p) - 1, 2),
            (p, t) -> scaled(2 * (length(p) - 1) / length(p), p),
            Draw.normal(),
            last -> Draw.normal()),
        embedding(0f),
        embedding(0.4f),
        triplet(1f),
        triplet(0.1f));
  }

  private static RowLossReference likelihood(final float smoothing, final int ignored) {
    final Slope slope =
        (p, t) -> {
          final double[] d = new double[p.length];
          if ((int) t[0] != ignored) {
            Arrays.fill(d, -(double) smoothing / p.length);
            d[(int) t[0]] -= 1 - (double) smoothing;
          }
          return d;
        };
    return new RowLossReference(
        new NegativeLogLikelihood(ClassWeights.EQUAL, smoothing, ignored),
        (p, t) -> dot(p, slope.of(p, t)),
        slope,
        LOG_PROBABILITY,
        Draw::labels);
  }

  /** With weights for three classes; samples of other widths don't fit it. */
  static RowLossReference weighted() {
    final double[] weights = {0.5, 3, 0};
    final float smoothing = 0.2f;
    final Slope slope =
        (p, t) -> {
          final double[] d = scaled(-(double) smoothing / 3, weights);
          d[(int) t[0]] -= (1 - (double) smoothing) * weights[(int) t[0]];
          return d;
        };
    return new RowLossReference(
        new NegativeLogLikelihood(ClassWeights.of(0.5f, 3f, 0f), smoothing, -7),
        (p, t) -> dot(p, slope.of(p, t)),
        slope,
        LOG_PROBABILITY,
        Draw::labels);
  }

  private static RowLossReference hinge(final float margin) {
    return new RowLossReference(
        new MultiClassHinge(margin),
        (p, t) -> {
          double sum = -margin; // the label's own term
          for (final double score : p) {
            sum += Math.max(0, margin - p[(int) t[0]] + score);
          }
          return sum / p.length;
        },
        (p, t) -> {
          final double[] d = new double[p.length];
          for (int i = 0; i < p.length; i++) {
            if (i != (int) t[0] && margin - p[(int) t[0]] + p[i] > 0) {
              d[i] += 1.0 / p.length;
              d[(int) t[0]] -= 1.0 / p.length;
            }
          }
          return d;
        },
        Draw.normal(),
        Draw::labels);
  }

  private static RowLossReference dice(final float smooth) {
    return new RowLossReference(
        new Dice(smooth),
        (p, t) -> 1 - (2 * dot(p, t) + smooth) / (sum(p) + sum(t) + smooth),
        (p, t) -> {
          final double below = sum(p) + sum(t) + smooth;
          final double[] d = scaled(-2 / below, t);
          for (int i = 0; i < d.length; i++) {
            d[i] += (2 * dot(p, t) + smooth) / (below * below);
          }
          return d;
        },
        PROBABILITY,
        last -> PROBABILITY);
  }

  private static RowLossReference embedding(final float margin) {
    return new RowLossReference(
        new CosineEmbedding(margin),
        (p, t) -> {
          final double cosine = cosine(part(p, 0, 2), part(p, 1, 2));
          return t[0] > 0 ? 1 - cosine : Math.max(0, cosine - margin);
        },
        (p, t) -> {
          final double[] a = part(p, 0, 2);
          final double[] b = part(p, 1, 2);
          final double factor = t[0] > 0 ? -1 : cosine(a, b) > margin ? 1 : 0;
          return joined(scaled(factor, cosineSlope(a, b)), scaled(factor, cosineSlope(b, a)));
        },
        Draw.normal(),
        last -> Draw.each(Math::signum));
  }

  private static RowLossReference triplet(final float margin) {
    return new RowLossReference(
        new TripletMargin(margin),
        (p, t) ->
            Math.max(
                0,
                length(difference(part(p, 0, 3), part(p, 1, 3)))
                    - length(difference(part(p, 0, 3), part(p, 2, 3)))
                    + margin),
        (p, t) -> {
          final double[] near = difference(part(p, 0, 3), part(p, 1, 3));
          final double[] far = difference(part(p, 0, 3), part(p, 2, 3));
          final double factor = length(near) - length(far) + margin > 0 ? 1 : 0;
          final double[] byNear = scaled(factor / length(near), near);
          final double[] byFar = scaled(factor / length(far), far);
          final double[] byAnchor = byNear.clone();
          for (int i = 0; i < byAnchor.length; i++) {
            byAnchor[i] -= byFar[i];
          }
          return joined(byAnchor, scaled(-1, byNear), byFar);
        },
        Draw.normal(),
        last -> Draw.normal());
  }

  private static double[] difference(final double[] a, final double[] b) {
    final double[] difference = new double[a.length];
    for (int i = 0; i < a.length; i++) {
      difference[i] = a[i] - b[i] + 1e-6;
    }
    return difference;
  }

  private static double cosine(final double[] a, final double[] b) {
    return dot(a, b) / (length(a) * length(b));
  }

  private static double[] cosineSlope(final double[] a, final double[] b) {
    final double[] slope = scaled(1 / (length(a) * length(b)), b);
    for (int i = 0; i < slope.length; i++) {
      slope[i] -= cosine(a, b) * a[i] / dot(a, a);
    }
    return slope;
  }

  private static double[] part(final double[] p, final int part, final int parts) {
    return Arrays.copyOfRange(p, p.length / parts * part, p.length / parts * (part + 1));
  }

  private static double[] joined(final double[]... parts) {
    return Arrays.stream(parts).flatMapToDouble(Arrays::stream).toArray();
  }

  private static double[] scaled(final double factor, final double[] x) {
    return Arrays.stream(x).map(value -> factor * value).toArray();
  }

  private static double sum(final double[] x) {
    return Arrays.stream(x).sum();
  }

  private static double length(final double[] x) {
    return Math.sqrt(dot(x, x));
  }

  private static double dot(final double[] a, final double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  private static RowLossReference of(final RowLossFunction function) {
    return Stream.concat(all().stream(), Stream.of(weighted()))
        .filter(reference -> reference.function.equals(function))
        .findFirst()
        .orElseThrow(() -> new AssertionError(function + " has no reference"));
  }

  /** One row of several. */
  static double[] row(final RealTensor x, final int rows, final int row) {
    final int n = x.length() / rows;
    return x.values(row * n, (row + 1) * n);
  }

  static List<RealTensor> rows(final Op op, final List<RealTensor> inputs) {
    final RowLossReference reference = of(((RowLoss) op).function());
    final RealTensor rows = RealTensor.zeros(inputs.get(0).shape().withoutLast());
    final int n = rows.length();
    for (int r = 0; r < n; r++) {
      final double loss = reference.loss.of(row(inputs.get(0), n, r), row(inputs.get(1), n, r));
      rows.set(r, loss, Math.abs(loss) + CANCELLED);
    }
    return List.of(rows);
  }

  static List<RealTensor> gradient(final Op op, final List<RealTensor> inputs) {
    final RowLossReference reference = of(((RowLossGradient) op).function());
    final RealTensor d = RealTensor.zeros(inputs.get(0).shape());
    final int n = inputs.get(2).length();
    for (int r = 0; r < n; r++) {
      final double[] slope = reference.slope.of(row(inputs.get(0), n, r), row(inputs.get(1), n, r));
      for (int i = 0; i < slope.length; i++) {
        final double value = slope[i] * inputs.get(2).at(r);
        d.set(r * slope.length + i, value, ROUNDINGS * Math.abs(value) + CANCELLED);
      }
    }
    return List.of(d);
  }
}
