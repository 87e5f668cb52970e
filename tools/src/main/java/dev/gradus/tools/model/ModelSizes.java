package dev.gradus.tools.model;

import dev.gradus.memory.GradusException;
import dev.gradus.memory.Names;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The sizes of a multilayer perceptron, from what a user writes: {@code 784-256-10}, or a preset
 * whose first and last size the data decide.
 */
public final class ModelSizes {
  private static final Map<String, int[]> PRESETS = new LinkedHashMap<>();

  static {
    PRESETS.put("linear", new int[0]);
    PRESETS.put("mlp-small", new int[] {128});
    PRESETS.put("mlp", new int[] {256});
    PRESETS.put("mlp-deep", new int[] {256, 128, 64});
    PRESETS.put("mlp-wide", new int[] {1024, 1024});
  }

  private final int inputs;
  private final int[] hidden;
  private final int outputs;

  private ModelSizes(final int inputs, final int[] hidden, final int outputs) {
    this.inputs = inputs;
    this.hidden = hidden;
    this.outputs = outputs;
  }

  /** Units of the last layer; 0 where the data decide. */
  public int outputs() {
    return outputs;
  }

  /** Presets by name, with the units of their hidden layers. */
  public static Map<String, int[]> presets() {
    return Collections.unmodifiableMap(PRESETS);
  }

  /**
   * Reads sizes or the name of a preset.
   *
   * @throws GradusException where the text is neither.
   */
  public static ModelSizes parse(final String text) {
    final int[] preset = PRESETS.get(text);
    if (preset != null) {
      return new ModelSizes(0, preset.clone(), 0);
    }
    if (text.isEmpty() || !Character.isDigit(text.charAt(0))) {
      throw Names.unknown("model", text, PRESETS.keySet());
    }
    final String[] parts = text.split("-", -1);
    final int[] sizes = new int[parts.length];
    for (int i = 0; i < parts.length; i++) {
      sizes[i] = parts[i].matches("[0-9]{1,9}") ? Integer.parseInt(parts[i]) : 0;
    }
    for (final int size : sizes) {
      if (size < 1 || sizes.length < 2) {
        throw GradusException.mismatch(
            "model", "sizes of 1 or more such as 784-256-10, or one of " + PRESETS.keySet(), text);
      }
    }
    final int[] hidden = new int[sizes.length - 2];
    System.arraycopy(sizes, 1, hidden, 0, hidden.length);
    return new ModelSizes(sizes[0], hidden, sizes[sizes.length - 1]);
  }

  /**
   * All sizes, for data of that many features and targets.
   *
   * @throws GradusException where the sizes given are others.
   */
  public int[] sizes(final int features, final int targets) {
    if (inputs != 0 && inputs != features) {
      throw GradusException.mismatch(
          "first size of the model", features + ", the features of the data", inputs);
    }
    if (outputs != 0 && outputs != targets) {
      throw GradusException.mismatch(
          "last size of the model", targets + ", the targets of the data", outputs);
    }
    final int[] sizes = new int[hidden.length + 2];
    sizes[0] = features;
    System.arraycopy(hidden, 0, sizes, 1, hidden.length);
    sizes[sizes.length - 1] = targets;
    return sizes;
  }
}
