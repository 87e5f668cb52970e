package dev.gradus.plan;

import dev.gradus.graph.Value;
import dev.gradus.memory.DType;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.Names;
import dev.gradus.memory.Tensor;
import dev.gradus.nn.Network;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The values of a training step that can be read after it, by name: outputs of layers and gradients
 * with respect to them are named by the layer's position, {@code 0}, within branches by its path,
 * {@code 1.0.2}; gradients of parameters by the parameter, {@code 0.weight}; that of the input,
 * {@code input}.
 */
record Inspection(Map<String, Value> activations, Map<String, Value> gradients) {
  private static final String INPUT = "input";

  Inspection {
    activations = Collections.unmodifiableMap(new LinkedHashMap<>(activations));
    gradients = Collections.unmodifiableMap(new LinkedHashMap<>(gradients));
  }

  /** Of a plan that keeps nothing to be read. */
  static Inspection none() {
    return new Inspection(Map.of(), Map.of());
  }

  /** The outputs of all layers, without gradients. */
  static Inspection of(final Network.Definition network) {
    final Map<String, Value> activations = new LinkedHashMap<>();
    for (final Network.Part part : network.parts()) {
      activations.put(part.path(), part.output());
    }
    return new Inspection(activations, Map.of());
  }

  /** All that gradients are wanted of, beside the parameters: what the loss depends on. */
  List<Value> wanted(final Network.Definition network, final Value loss) {
    final List<Value> wanted = new ArrayList<>(activations.values());
    if (!activations.isEmpty()) {
      wanted.add(network.input());
    }
    wanted.removeIf(value -> value.type().dtype() != DType.FLOAT32); // indices have none
    wanted.retainAll(Differentiate.origins(network.graph(), loss)); // what becomes indices, neither
    return wanted;
  }

  /** This inspection with the gradients of its activations, of the input and of parameters. */
  Inspection with(
      final List<Value> trained, final Network.Definition network, final Map<Value, Value> found) {
    final Map<String, Value> named = new LinkedHashMap<>();
    if (!activations.isEmpty()) {
      activations.forEach((name, value) -> named.put(name, found.get(value)));
      named.values().removeIf(Objects::isNull);
      trained.forEach(value -> named.put(value.name(), found.get(value)));
      if (found.containsKey(network.input())) {
        named.put(INPUT, found.get(network.input()));
      }
    }
    return new Inspection(activations, named);
  }

  /** All values to keep. */
  Collection<Value> values() {
    final List<Value> values = new ArrayList<>(activations.values());
    values.addAll(gradients.values());
    return values;
  }

  /**
   * The tensor of a name.
   *
   * @throws GradusException where the plan keeps none, or none of that name.
   */
  static Tensor require(final String kind, final Map<String, Tensor> tensors, final String name) {
    if (tensors.isEmpty()) {
      throw GradusException.mismatch(
          kind + " of plan", "a plan compiled with inspection", "one without");
    }
    final Tensor tensor = tensors.get(name);
    if (tensor == null) {
      throw Names.unknown(kind, name, tensors.keySet());
    }
    return tensor;
  }
}
