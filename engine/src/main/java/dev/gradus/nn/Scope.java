package dev.gradus.nn;

import dev.gradus.graph.Graph;
import dev.gradus.graph.Value;
import dev.gradus.memory.Shape;
import java.util.ArrayList;
import java.util.List;

/** Where a layer defines itself: the graph, and names of parameters below the layer's own. */
public final class Scope {
  private final Graph graph;
  private final String prefix;
  private final List<Parameter> parameters;

  Scope(final Graph graph) {
    this(graph, "", new ArrayList<>());
  }

  private Scope(final Graph graph, final String prefix, final List<Parameter> parameters) {
    this.graph = graph;
    this.prefix = prefix;
    this.parameters = parameters;
  }

  public Graph graph() {
    return graph;
  }

  /** The scope of a part: its parameters are named {@code <this>.<name>.<parameter>}. */
  public Scope child(final String name) {
    return new Scope(graph, prefix + name + ".", parameters);
  }

  /** Declares a learned tensor. */
  public Value parameter(
      final String name,
      final Shape shape,
      final Initializer initializer,
      final int fanIn,
      final int fanOut) {
    final Value value = graph.parameter(prefix + name, shape);
    parameters.add(new Parameter(value, initializer, fanIn, fanOut));
    return value;
  }

  /** Declares a tensor that is kept from run to run but not learned. */
  public Value state(final String name, final Shape shape) {
    return graph.state(prefix + name, shape);
  }

  List<Parameter> parameters() {
    return List.copyOf(parameters);
  }
}
