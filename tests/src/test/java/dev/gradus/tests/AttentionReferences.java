package dev.gradus.tests;

import dev.gradus.graph.Op;
import dev.gradus.graph.op.Attention;
import dev.gradus.graph.op.AttentionGradient;
import dev.gradus.memory.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/** Attention in double precision, one head and step at a time. */
final class AttentionReferences {
  private AttentionReferences() {}

  /** One head of one sequence: where its numbers are. */
  private record Head(Attention op, RealTensor x, int row, int head) {
    int steps() {
      return x.shape().dim(1);
    }

    int features() {
      return x.columns() / 3;
    }

    int size() {
      return features() / op.heads();
    }

    int probability(final int step, final int seen) {
      return ((row * op.heads() + head) * steps() + step) * steps() + seen;
    }

    /** Index into a tensor (N,T,parts*features). */
    int index(final int step, final int part, final int parts, final int column) {
      return (row * steps() + step) * parts * features()
          + part * features()
          + head * size()
          + column;
    }

    Approximation of(final int step, final int part, final int column) {
      return Approximation.exact(x.at(index(step, part, 3, column)));
    }

    int last(final int step) {
      return op.causal() ? step : steps() - 1;
    }

    Approximation scale() {
      final double scale = 1 / Math.sqrt(size());
      return new Approximation(scale, scale);
    }
  }

  private static List<Approximation> list(final int count, final IntFunction<Approximation> item) {
    final List<Approximation> items = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      items.add(item.apply(i));
    }
    return items;
  }

  private static void set(final RealTensor tensor, final int index, final Approximation value) {
    tensor.set(index, value.value(), value.error());
  }

  static List<RealTensor> attention(final Op op, final List<RealTensor> inputs) {
    final Attention attention = (Attention) op;
    final RealTensor x = inputs.get(0);
    final int rows = x.shape().dim(0);
    final int steps = x.shape().dim(1);
    final RealTensor out = RealTensor.zeros(x.shape().withLast(x.columns() / 3));
    final RealTensor probabilities =
        RealTensor.zeros(Shape.of(rows, attention.heads(), steps, steps));
    for (int row = 0; row < rows; row++) {
      for (int head = 0; head < attention.heads(); head++) {
        final Head at = new Head(attention, x, row, head);
        for (int step = 0; step < steps; step++) {
          final List<Approximation> p = softmax(at, step);
          for (int seen = 0; seen < p.size(); seen++) {
            set(probabilities, at.probability(step, seen), p.get(seen));
          }
          for (int c = 0; c < at.size(); c++) {
            final int column = c;
            set(
                out,
                at.index(step, 0, 1, c),
                Approximation.dot(p, list(p.size(), seen -> at.of(seen, 2, column))));
          }
        }
      }
    }
    return List.of(out, probabilities);
  }

  /** What a score is off moves a probability by at most twice as much, relatively. */
  private static List<Approximation> softmax(final Head at, final int step) {
    final List<Approximation> scores = new ArrayList<>();
    double sum = 0;
    double error = 0;
    for (int seen = 0; seen <= at.last(step); seen++) {
      final int key = seen;
      final Approximation score =
          Approximation.dot(
                  list(at.size(), c -> at.of(step, 0, c)), list(at.size(), c -> at.of(key, 1, c)))
              .times(at.scale());
      scores.add(score);
      sum += Math.exp(score.value());
      error = Math.max(error, score.error() + Math.abs(score.value()));
    }
    final double total = sum;
    final double relative = 2 * error + scores.size() + 16;
    return list(
        scores.size(),
        i -> {
          final double p = Math.exp(scores.get(i).value()) / total;
          return new Approximation(p, relative * p);
        });
  }

  static List<RealTensor> attentionGradient(final Op op, final List<RealTensor> inputs) {
    final Attention attention = ((AttentionGradient) op).forward();
    final RealTensor x = inputs.get(0);
    final RealTensor p = inputs.get(1);
    final RealTensor dOut = inputs.get(2);
    final int steps = x.shape().dim(1);
    final RealTensor dX = RealTensor.zeros(x.shape());
    for (int row = 0; row < x.shape().dim(0); row++) {
      for (int head = 0; head < attention.heads(); head++) {
        final Head at = new Head(attention, x, row, head);
        final Approximation[][] dScores = new Approximation[steps][];
        for (int step = 0; step < steps; step++) {
          dScores[step] = dScores(at, p, dOut, step);
        }
        for (int s = 0; s < steps; s++) {
          final int step = s;
          for (int c = 0; c < at.size(); c++) {
            final int column = c;
            final Approximation dQuery =
                Approximation.dot(
                    List.of(dScores[step]), list(steps, seen -> at.of(seen, 1, column)));
            final Approximation dKey =
                Approximation.dot(
                    list(steps, other -> dScores[other][step]),
                    list(steps, other -> at.of(other, 0, column)));
            final Approximation dValue =
                Approximation.dot(
                    list(steps, other -> Approximation.exact(p.at(at.probability(other, step)))),
                    list(
                        steps,
                        other -> Approximation.exact(dOut.at(at.index(other, 0, 1, column)))));
            set(dX, at.index(step, 0, 3, c), dQuery.times(at.scale()));
            set(dX, at.index(step, 1, 3, c), dKey.times(at.scale()));
            set(dX, at.index(step, 2, 3, c), dValue);
          }
        }
      }
    }
    return List.of(dX);
  }

  private static Approximation[] dScores(
      final Head at, final RealTensor p, final RealTensor dOut, final int step) {
    final List<Approximation> dY =
        list(at.size(), c -> Approximation.exact(dOut.at(at.index(step, 0, 1, c))));
    final List<Approximation> probabilities =
        list(at.steps(), seen -> Approximation.exact(p.at(at.probability(step, seen))));
    final List<Approximation> dP =
        list(at.steps(), seen -> Approximation.dot(dY, list(at.size(), c -> at.of(seen, 2, c))));
    final Approximation sum = Approximation.dot(probabilities, dP);
    return list(at.steps(), seen -> probabilities.get(seen).times(dP.get(seen).minus(sum)))
        .toArray(Approximation[]::new);
  }
}
