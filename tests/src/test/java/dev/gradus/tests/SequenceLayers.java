package dev.gradus.tests;

import dev.gradus.memory.Shape;
import dev.gradus.nn.Embedding;
import dev.gradus.nn.Layer;
import dev.gradus.nn.MultiHeadAttention;
import dev.gradus.nn.Recurrent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Layers over sequences straight from their equations, unit by unit. */
final class SequenceLayers {
  private SequenceLayers() {}

  static Map<Class<? extends Layer>, LayerReference> references() {
    return Map.of(
        Recurrent.class,
        new LayerReference(
            List.of(Samples.batched(4, 3), Samples.batched(1, 2)),
            List.of(
                Recurrent.rnn(2),
                Recurrent.rnnRelu(3),
                Recurrent.lstm(3),
                Recurrent.lstm(4).lastStep(),
                Recurrent.gru(3),
                Recurrent.gru(2).lastStep(),
                Recurrent.lstm(2).inBothDirections(),
                Recurrent.gru(3).inBothDirections().lastStep()),
            SequenceLayers::recurrent),
        Embedding.class,
        new LayerReference(
            List.of(Samples.labels(5), Samples.labels(2, 3)),
            List.of(new Embedding(9, 4), new Embedding(9, 1, 0)),
            SequenceLayers::embedding),
        MultiHeadAttention.class,
        new LayerReference(
            List.of(Samples.batched(4, 6), Samples.batched(1, 2)),
            List.of(
                new MultiHeadAttention(1, false),
                new MultiHeadAttention(2, false),
                new MultiHeadAttention(2, true)),
            SequenceLayers::attention));
  }

  private static RealTensor recurrent(final Layer layer, final List<RealTensor> operands) {
    final Recurrent recurrent = (Recurrent) layer;
    if (!recurrent.bidirectional()) {
      return direction(recurrent, operands, false);
    }
    final int half = 1 + (operands.size() - 1) / 2;
    final List<RealTensor> second = new ArrayList<>(List.of(operands.get(0)));
    second.addAll(operands.subList(half, operands.size()));
    final RealTensor forward = direction(recurrent, operands.subList(0, half), false);
    final RealTensor backward = direction(recurrent, second, true);
    final int units = recurrent.units();
    final RealTensor joined = RealTensor.zeros(forward.shape().withLast(2 * units));
    for (int i = 0; i < joined.length(); i++) {
      final int column = i % (2 * units);
      final RealTensor part = column < units ? forward : backward;
      joined.set(i, part.at(i / (2 * units), column % units), 0);
    }
    return joined;
  }

  private static RealTensor direction(
      final Recurrent recurrent, final List<RealTensor> operands, final boolean reverse) {
    final RealTensor x = operands.get(0);
    final int rows = x.shape().dim(0);
    final int steps = x.shape().dim(1);
    final int units = recurrent.units();
    final RealTensor all = RealTensor.zeros(Shape.of(rows, steps, units));
    final RealTensor end = RealTensor.zeros(Shape.of(rows, units));
    for (int row = 0; row < rows; row++) {
      double[] h = new double[units];
      final double[] c = new double[units];
      for (int position = 0; position < steps; position++) {
        final int step = reverse ? steps - 1 - position : position;
        h = next(recurrent, operands, row * steps + step, h, c);
        for (int i = 0; i < units; i++) {
          all.set((row * steps + step) * units + i, h[i], 0);
          end.set(row * units + i, h[i], 0);
        }
      }
    }
    return recurrent.last() ? end : all;
  }

  private static RealTensor attention(final Layer layer, final List<RealTensor> operands) {
    final MultiHeadAttention attention = (MultiHeadAttention) layer;
    final RealTensor x = operands.get(0);
    final int steps = x.shape().dim(1);
    final int features = x.columns();
    final int size = features / attention.heads();
    final RealTensor projected = affine(x, operands.get(1), operands.get(2));
    final RealTensor mixed = RealTensor.zeros(x.shape());
    for (int vector = 0; vector < x.vectors(); vector++) {
      final int start = vector - vector % steps;
      final int end = attention.causal() ? vector + 1 : start + steps;
      for (int column = 0; column < features; column++) {
        final int head = column / size * size;
        double sum = 0;
        double total = 0;
        for (int other = start; other < end; other++) {
          double score = 0;
          for (int k = head; k < head + size; k++) {
            score += projected.at(vector, k) * projected.at(other, features + k);
          }
          final double weight = Math.exp(score / Math.sqrt(size));
          sum += weight;
          total += weight * projected.at(other, 2 * features + column);
        }
        mixed.set(vector * features + column, total / sum, 0);
      }
    }
    return affine(mixed, operands.get(3), operands.get(4));
  }

  private static RealTensor affine(
      final RealTensor x, final RealTensor weight, final RealTensor bias) {
    final RealTensor y = RealTensor.zeros(x.shape().withLast(weight.columns()));
    for (int i = 0; i < y.length(); i++) {
      final int column = i % weight.columns();
      double sum = bias.at(column);
      for (int k = 0; k < x.columns(); k++) {
        sum += x.at(i / weight.columns(), k) * weight.at(k, column);
      }
      y.set(i, sum, 0);
    }
    return y;
  }

  private static RealTensor embedding(final Layer layer, final List<RealTensor> operands) {
    final Embedding embedding = (Embedding) layer;
    final RealTensor indices = operands.get(0);
    final RealTensor out = RealTensor.zeros(indices.shape().withAppended(embedding.features()));
    for (int i = 0; i < out.length(); i++) {
      final int index = (int) indices.at(i / embedding.features());
      final double value = operands.get(1).at(index, i % embedding.features());
      out.set(i, index == embedding.padding() ? 0 : value, 0);
    }
    return out;
  }

  /** The state after a step; c is updated in place. */
  private static double[] next(
      final Recurrent layer,
      final List<RealTensor> operands,
      final int vector,
      final double[] h,
      final double[] c) {
    final int units = h.length;
    final int gates = operands.get(1).columns() / units;
    final double[] next = new double[units];
    for (int i = 0; i < units; i++) {
      final double[] fromInput = new double[gates];
      final double[] fromState = new double[gates];
      for (int gate = 0; gate < gates; gate++) {
        final int column = gate * units + i;
        fromInput[gate] = operands.get(3).at(column);
        for (int k = 0; k < operands.get(0).columns(); k++) {
          fromInput[gate] += operands.get(0).at(vector, k) * operands.get(1).at(k, column);
        }
        fromState[gate] = operands.size() > 4 ? operands.get(4).at(column) : 0;
        for (int k = 0; k < units; k++) {
          fromState[gate] += h[k] * operands.get(2).at(k, column);
        }
      }
      next[i] =
          switch (layer.cell()) {
            case RNN_TANH -> Math.tanh(fromInput[0] + fromState[0]);
            case RNN_RELU -> Math.max(0, fromInput[0] + fromState[0]);
            case LSTM -> {
              c[i] =
                  sigmoid(fromInput[1] + fromState[1]) * c[i]
                      + sigmoid(fromInput[0] + fromState[0])
                          * Math.tanh(fromInput[2] + fromState[2]);
              yield sigmoid(fromInput[3] + fromState[3]) * Math.tanh(c[i]);
            }
            case GRU -> {
              final double reset = sigmoid(fromInput[0] + fromState[0]);
              final double update = sigmoid(fromInput[1] + fromState[1]);
              final double candidate = Math.tanh(fromInput[2] + reset * fromState[2]);
              yield (1 - update) * candidate + update * h[i];
            }
          };
    }
    return next;
  }

  private static double sigmoid(final double x) {
    return 1 / (1 + Math.exp(-x));
  }
}
