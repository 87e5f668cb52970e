package dev.gradus.tests;

import dev.gradus.nn.Activations;
import dev.gradus.nn.Dense;
import dev.gradus.nn.Dropout;
import dev.gradus.nn.Frozen;
import dev.gradus.nn.Layer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** References of layers that train in another way than they predict: as they predict. */
final class NormLayers {
  private NormLayers() {}

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
    return table;
  }
}
