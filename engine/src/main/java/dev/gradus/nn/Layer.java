package dev.gradus.nn;

import dev.gradus.graph.Value;

/**
 * A part of a network: an immutable description that defines itself in a graph. Adding one takes
 * one file and one row in {@link Layers}.
 */
public interface Layer {
  /**
   * Appends this layer's ops.
   *
   * @throws dev.gradus.memory.GradusException where the input's shape does not fit.
   */
  Value define(Scope scope, Value input);

  /** The layer as text that {@link Layers#parse} reads, for example {@code dense(256,relu)}. */
  String describe();
}
