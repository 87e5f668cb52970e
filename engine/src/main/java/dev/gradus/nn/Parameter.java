package dev.gradus.nn;

import dev.gradus.graph.Value;

/**
 * A learned tensor of a network.
 *
 * @param value its place in the graph; its name is unique in the network.
 */
public record Parameter(Value value, Initializer initializer, int fanIn, int fanOut) {
  public String name() {
    return value.name();
  }
}
