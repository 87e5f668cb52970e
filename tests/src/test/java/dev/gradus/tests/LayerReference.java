package dev.gradus.tests;

import dev.gradus.memory.Shape;
import dev.gradus.memory.TensorType;
import dev.gradus.nn.ActivationLayer;
import dev.gradus.nn.Activations;
import dev.gradus.nn.Dense;
import dev.gradus.nn.Flatten;
import dev.gradus.nn.Layer;
import dev.gradus.nn.LogSoftmaxLayer;
import dev.gradus.nn.SoftmaxLayer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/**
 * A layer straight from its definition, apart from the ops it is composed of. Adding a layer takes
 * one row here.
 *
 * @param inputs types each sample is applied to.
 * @param samples layers of this kind.
 * @param forward the output from the layer and its operands: the input, then its parameters.
 */
record LayerReference(
    List<TensorType> inputs,
    List<Layer> samples,
    BiFunction<Layer, List<RealTensor>, RealTensor> forward) {

  private static final Map<Class<? extends Layer>, LayerReference> TABLE = new LinkedHashMap<>();

  static {
    TABLE.put(Dense.class, new LayerReference(denseSamples(), LayerReference::dense));
    TABLE.put(
        ActivationLayer.class, new LayerReference(activationSamples(), LayerReference::activation));
    TABLE.put(
        SoftmaxLayer.class,
        new LayerReference(List.of(new SoftmaxLayer()), LayerReference::softmax));
    TABLE.put(
        LogSoftmaxLayer.class,
        new LayerReference(
            List.of(new LogSoftmaxLayer()),
            (layer, operands) -> LogSoftmaxRows.logSoftmax(null, operands).get(0)));
    TABLE.putAll(SequenceLayers.references());
    TABLE.putAll(StructuralLayers.references());
    TABLE.putAll(ImageLayers.references());
    TABLE.putAll(NormLayers.references());
    TABLE.put(Flatten.class, new LayerReference(List.of(new Flatten()), LayerReference::flatten));
  }

  /** A layer that takes tensors of any rank. */
  LayerReference(
      final List<Layer> samples, final BiFunction<Layer, List<RealTensor>, RealTensor> forward) {
    this(List.of(Samples.batched(7), Samples.batched(2, 3)), samples, forward);
  }

  static Map<Class<? extends Layer>, LayerReference> table() {
    return TABLE;
  }

  private static List<Layer> denseSamples() {
    final List<Layer> samples = new ArrayList<>(List.of(new Dense(1), new Dense(9)));
    for (final String name : Activations.names()) {
      samples.add(new Dense(5, Activations.byName(name)));
    }
    return samples;
  }

  private static List<Layer> activationSamples() {
    return Activations.names().stream()
        .<Layer>map(name -> new ActivationLayer(Activations.byName(name)))
        .toList();
  }

  static RealTensor dense(final Layer layer, final List<RealTensor> operands) {
    final Dense dense = (Dense) layer;
    final RealTensor x = operands.get(0);
    final RealTensor weight = operands.get(1);
    final RealTensor y = RealTensor.zeros(x.shape().withLast(dense.units()));
    for (int row = 0; row < x.vectors(); row++) {
      for (int unit = 0; unit < dense.units(); unit++) {
        double sum = operands.get(2).at(unit);
        for (int in = 0; in < x.columns(); in++) {
          sum += x.at(row, in) * weight.at(in, unit);
        }
        final double value =
            dense.activation() == null
                ? sum
                : ActivationReference.of(dense.activation()).function().applyAsDouble(sum);
        y.set(row * dense.units() + unit, value, 0);
      }
    }
    return y;
  }

  private static RealTensor activation(final Layer layer, final List<RealTensor> operands) {
    final ActivationReference f = ActivationReference.of(((ActivationLayer) layer).function());
    final RealTensor y = RealTensor.zeros(operands.get(0).shape());
    for (int i = 0; i < y.length(); i++) {
      y.set(i, f.function().applyAsDouble(operands.get(0).at(i)), 0);
    }
    return y;
  }

  private static RealTensor flatten(final Layer layer, final List<RealTensor> operands) {
    final RealTensor x = operands.get(0);
    final int rows = x.shape().dim(0);
    return RealTensor.of(Shape.of(rows, x.length() / rows), x.values());
  }

  private static RealTensor softmax(final Layer layer, final List<RealTensor> operands) {
    final RealTensor x = operands.get(0);
    final Shape shape = x.shape();
    final RealTensor y = RealTensor.zeros(shape);
    for (int row = 0; row < x.vectors(); row++) {
      double sum = 0;
      for (int i = 0; i < x.columns(); i++) {
        sum += Math.exp(x.at(row, i));
      }
      for (int i = 0; i < x.columns(); i++) {
        y.set(row * x.columns() + i, Math.exp(x.at(row, i)) / sum, 0);
      }
    }
    return y;
  }
}
