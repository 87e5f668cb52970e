package dev.gradus.tests;

import dev.gradus.graph.op.Permute;
import dev.gradus.memory.Shape;
import dev.gradus.memory.TensorType;
import dev.gradus.nn.Branches;
import dev.gradus.nn.Categorical;
import dev.gradus.nn.ColumnSum;
import dev.gradus.nn.Columns;
import dev.gradus.nn.Dense;
import dev.gradus.nn.EmbeddingBag;
import dev.gradus.nn.FactorizationMachine;
import dev.gradus.nn.Layer;
import dev.gradus.nn.PermuteLayer;
import dev.gradus.nn.Positions;
import dev.gradus.nn.Prelu;
import dev.gradus.nn.ReshapeLayer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;

/** Layers that join, cut and move, straight from their definitions. */
final class StructuralLayers {
  private static final List<TensorType> MATRIX = List.of(Samples.batched(4), Samples.batched(2, 4));

  private StructuralLayers() {}

  static Map<Class<? extends Layer>, LayerReference> references() {
    final Map<Class<? extends Layer>, LayerReference> references = new HashMap<>();
    references.put(
        Branches.class,
        new LayerReference(
            MATRIX,
            List.of(
                Branches.residual(new Dense(3), new Dense(4)),
                Branches.sum(
                    List.of(List.of(new Dense(3)), List.of(new Dense(3)), List.of(new Dense(3)))),
                Branches.concat(
                    List.of(List.of(), List.of(new Dense(2), new Dense(5)), List.of()))),
            StructuralLayers::branches));
    references.put(
        Columns.class,
        new LayerReference(
            MATRIX,
            List.of(new Columns(0, 1), new Columns(1, 3), new Columns(3, 1)),
            StructuralLayers::columns));
    references.put(
        Categorical.class,
        new LayerReference(
            List.of(Samples.batched(3)),
            List.of(new Categorical(2, List.of(2, 1, 3)), new Categorical(1, List.of(9, 9, 9))),
            StructuralLayers::categorical));
    references.put(
        FactorizationMachine.class,
        new LayerReference(
            List.of(Samples.batched(4, 3), Samples.batched(1, 2), Samples.batched(2, 1)),
            List.of(new FactorizationMachine()),
            StructuralLayers::factorizationMachine));
    references.put(
        ColumnSum.class,
        new LayerReference(
            List.of(Samples.batched(4, 3), Samples.batched(1, 2), Samples.batched(2, 1)),
            List.of(new ColumnSum()),
            StructuralLayers::columnSum));
    references.put(
        EmbeddingBag.class,
        new LayerReference(
            List.of(Samples.labels(5), Samples.labels(1)),
            List.of(
                new EmbeddingBag(9, 4, false, -1),
                new EmbeddingBag(9, 3, true, -1),
                new EmbeddingBag(9, 1, false, 0)),
            StructuralLayers::embeddingBag));
    references.put(
        Prelu.class,
        new LayerReference(
            List.of(Samples.batched(4), Samples.batched(3, 2, 5)),
            List.of(new Prelu(false), new Prelu(true)),
            StructuralLayers::prelu));
    references.put(
        Positions.class,
        new LayerReference(
            List.of(Samples.batched(4, 3), Samples.batched(1, 1)),
            List.of(new Positions()),
            StructuralLayers::positions));
    references.put(
        ReshapeLayer.class,
        new LayerReference(
            List.of(Samples.batched(4, 3)),
            List.of(new ReshapeLayer(Shape.batched(12)), new ReshapeLayer(Shape.batched(2, 3, 2))),
            (layer, operands) ->
                RealTensor.of(
                    ((ReshapeLayer) layer).shape().at(operands.get(0).shape().dim(0)),
                    operands.get(0).values())));
    references.put(
        PermuteLayer.class,
        new LayerReference(
            List.of(Samples.batched(4, 3)),
            List.of(new PermuteLayer(new Permute(List.of(2, 1)))),
            StructuralLayers::transpose));
    return references;
  }

  /** Branches of dense layers, which take a weight and a bias each. */
  private static RealTensor branches(final Layer layer, final List<RealTensor> operands) {
    final Branches branches = (Branches) layer;
    final List<RealTensor> outputs = new ArrayList<>();
    int parameter = 1;
    for (final List<Layer> branch : branches.branches()) {
      RealTensor value = operands.get(0);
      for (int i = 0; i < branch.size(); i++) {
        value = affine(value, operands.get(parameter), operands.get(parameter + 1));
        parameter += 2;
      }
      outputs.add(value);
    }
    final boolean sum = branches.join() == Branches.Join.SUM;
    final int width =
        sum ? outputs.get(0).columns() : outputs.stream().mapToInt(RealTensor::columns).sum();
    final RealTensor out = RealTensor.zeros(outputs.get(0).shape().withLast(width));
    for (int row = 0; row < out.vectors(); row++) {
      int first = 0;
      for (final RealTensor output : outputs) {
        for (int i = 0; i < output.columns(); i++) {
          final int at = row * width + first + i;
          out.set(at, out.at(at) + output.at(row, i), 0);
        }
        first += sum ? 0 : output.columns();
      }
    }
    return out;
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

  private static RealTensor columns(final Layer layer, final List<RealTensor> operands) {
    final Columns columns = (Columns) layer;
    final RealTensor x = operands.get(0);
    final RealTensor out = RealTensor.zeros(x.shape().withLast(columns.count()));
    for (int i = 0; i < out.length(); i++) {
      out.set(i, x.at(i / columns.count(), columns.from() + i % columns.count()), 0);
    }
    return out;
  }

  /** Of normal inputs, which are no whole numbers: each column's category 0. */
  private static RealTensor categorical(final Layer layer, final List<RealTensor> operands) {
    final Categorical categorical = (Categorical) layer;
    final RealTensor x = operands.get(0);
    final RealTensor out = RealTensor.zeros(x.shape().withAppended(categorical.features()));
    for (int i = 0; i < out.length(); i++) {
      final int column = i / categorical.features() % x.columns();
      final int first =
          categorical.sizes().subList(0, column).stream().mapToInt(Integer::intValue).sum();
      out.set(i, operands.get(1).at(first, i % categorical.features()), 0);
    }
    return out;
  }

  /** Pair by pair. */
  private static RealTensor factorizationMachine(
      final Layer layer, final List<RealTensor> operands) {
    final RealTensor x = operands.get(0);
    final int columns = x.shape().dim(1);
    final RealTensor out = RealTensor.zeros(Shape.of(x.shape().dim(0), 1));
    for (int row = 0; row < out.length(); row++) {
      double sum = 0;
      for (int i = 0; i < columns; i++) {
        for (int j = i + 1; j < columns; j++) {
          for (int k = 0; k < x.columns(); k++) {
            sum += x.at(row * columns + i, k) * x.at(row * columns + j, k);
          }
        }
      }
      out.set(row, sum, 0);
    }
    return out;
  }

  private static RealTensor columnSum(final Layer layer, final List<RealTensor> operands) {
    final RealTensor x = operands.get(0);
    final int columns = x.shape().dim(1);
    final RealTensor out = RealTensor.zeros(Shape.of(x.shape().dim(0), x.columns()));
    for (int i = 0; i < out.length(); i++) {
      double sum = 0;
      for (int c = 0; c < columns; c++) {
        sum += x.at(i / x.columns() * columns + c, i % x.columns());
      }
      out.set(i, sum, 0);
    }
    return out;
  }

  private static RealTensor embeddingBag(final Layer layer, final List<RealTensor> operands) {
    final EmbeddingBag bag = (EmbeddingBag) layer;
    final RealTensor indices = operands.get(0);
    final RealTensor out = RealTensor.zeros(Shape.of(indices.vectors(), bag.features()));
    final double share = bag.mean() ? (float) (1.0 / indices.columns()) : 1;
    for (int i = 0; i < out.length(); i++) {
      double sum = 0;
      for (int k = 0; k < indices.columns(); k++) {
        final int index = (int) indices.at(i / bag.features(), k);
        sum += index == bag.padding() ? 0 : operands.get(1).at(index, i % bag.features());
      }
      out.set(i, sum * share, 0);
    }
    return out;
  }

  private static RealTensor positions(final Layer layer, final List<RealTensor> operands) {
    final RealTensor x = operands.get(0);
    final RealTensor weight = operands.get(1);
    final RealTensor out = RealTensor.zeros(x.shape());
    for (int i = 0; i < out.length(); i++) {
      out.set(i, x.at(i) + weight.at(i % weight.length()), 0);
    }
    return out;
  }

  private static RealTensor prelu(final Layer layer, final List<RealTensor> operands) {
    final RealTensor x = operands.get(0);
    final int row = x.length() / x.shape().dim(0);
    final RealTensor out = RealTensor.zeros(x.shape());
    for (int i = 0; i < out.length(); i++) {
      final int channel = ((Prelu) layer).perChannel() ? i % row / (row / x.shape().dim(1)) : 0;
      final double slope = operands.get(1).at(channel);
      final DoubleUnaryOperator f = value -> value > 0 ? value : slope * value;
      out.set(i, f.applyAsDouble(x.at(i)), 0);
    }
    return out;
  }

  private static RealTensor transpose(final Layer layer, final List<RealTensor> operands) {
    final RealTensor x = operands.get(0);
    final int m = x.shape().dim(1);
    final int n = x.columns();
    final RealTensor out = RealTensor.zeros(Shape.of(x.shape().dim(0), n, m));
    for (int i = 0; i < out.length(); i++) {
      out.set(i, x.at(i / (m * n) * m + i % m, i / m % n), 0);
    }
    return out;
  }
}
