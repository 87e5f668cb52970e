package dev.gradus.nn;

import dev.gradus.graph.Value;

/**
 * A tensor of a network that its model file keeps.
 *
 * @param value its place in the graph; its name is unique in the network.
 * @param kind what changes it.
 */
public record Parameter(Value value, Kind kind, Initializer initializer, int fanIn, int fanOut) {
  /** What changes a parameter in training. */
  public enum Kind {
    /** The optimizer, by its gradient. */
    LEARNED,
    /** Nothing: its layer is {@link Frozen}. */
    FROZEN,
    /** The layer itself, by an op that mutates it: running statistics. It has no gradient. */
    BUFFER
  }

  public String name() {
    return value.name();
  }
}
