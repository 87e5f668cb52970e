package dev.gradus.nn;

import dev.gradus.graph.Value;
import dev.gradus.memory.GradusException;

/**
 * A layer that stays as it is while others train: its weights have no gradients and no optimizer
 * state, and it does what it does in prediction (no dropout, batch normalisation by the running
 * statistics, which stay). Gradients pass through it to the layers before.
 *
 * @param layer the layer, whose parameters keep their names.
 */
public record Frozen(Layer layer) implements Layer {
  public Frozen {
    if (layer == null) {
      throw GradusException.mismatch("layer of frozen", "a layer", null);
    }
  }

  @Override
  public Value define(final Scope scope, final Value input) {
    return layer.define(scope.frozen(), input);
  }

  @Override
  public String describe() {
    return "frozen(" + layer.describe() + ")";
  }
}
