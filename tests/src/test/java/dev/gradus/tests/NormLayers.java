package dev.gradus.tests;

import dev.gradus.graph.Op;
import dev.gradus.graph.op.BatchNormPredict;
import dev.gradus.nn.Activations;
import dev.gradus.nn.BatchNorm;
import dev.gradus.nn.Dense;
import dev.gradus.nn.Dropout;
import dev.gradus.nn.Frozen;
import dev.gradus.nn.GroupNorm;
import dev.gradus.nn.Layer;
import dev.gradus.nn.LayerNorm;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** References of layers that train in another way than they predict: as they predict. */
final class NormLayers {
  private NormLayers() {}

  private static RealTensor layerNorm(final Layer layer, final List<RealTensor> operands) {
    final LayerNorm norm = (LayerNorm) layer;
    final Op op = new dev.gradus.graph.op.GroupNorm(norm.axes(), 1, norm.centred(), norm.epsilon());
    return NormReferences.groupNorm(op, operands).get(0);
  }

  private static RealTensor groupNorm(final Layer layer, final List<RealTensor> operands) {
    final GroupNorm norm = (GroupNorm) layer;
    final int axes = operands.get(0).shape().rank() - 1;
    final Op op = new dev.gradus.graph.op.GroupNorm(axes, norm.groups(), true, norm.epsilon());
    return NormReferences.groupNorm(op, operands).get(0);
  }

  static Map<Class<? extends Layer>, LayerReference> references() {
    final Map<Class<? extends Layer>, LayerReference> table = new LinkedHashMap<>();
    table.put(
        Frozen.class,
        new LayerReference(
            List.of(new Frozen(new Dense(5)), new Frozen(new Dense(3, Activations.TANH))),
            (layer, operands) -> LayerReference.dense(((Frozen) layer).layer(), operands)));
    table.put(
        Dropout.class,
        new LayerReference(
            List.of(Samples.batched(2, 3)),
            List.of(new Dropout(0.5), new Dropout(0.25, true)),
            (layer, operands) -> operands.get(0)));
    table.put(
        BatchNorm.class,
        new LayerReference(
            List.of(new BatchNorm(), new BatchNorm(0.5, 0.01)),
            (layer, operands) ->
                NormReferences.batchNormPredict(
                        new BatchNormPredict(((BatchNorm) layer).epsilon()), operands)
                    .get(0)));
    table.put(
        LayerNorm.class,
        new LayerReference(
            List.of(Samples.batched(2, 3)),
            List.of(new LayerNorm(), LayerNorm.rms(), new LayerNorm(true, 2, 0.1)),
            NormLayers::layerNorm));
    table.put(
        GroupNorm.class,
        new LayerReference(
            List.of(Samples.batched(6), Samples.batched(6, 5)),
            List.of(new GroupNorm(2), new GroupNorm(6, 0.1)),
            NormLayers::groupNorm));
    return table;
  }
}
