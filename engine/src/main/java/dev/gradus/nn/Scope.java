package dev.gradus.nn;

import dev.gradus.graph.Graph;
import dev.gradus.graph.Value;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * Where a layer defines itself: the graph, whether it is for training, and names of parameters
 * below the layer's own. A layer declares the same parameters for both.
 */
public final class Scope {
  private final Root root;
  private final String prefix;
  private final boolean frozen;

  /** What all scopes of a graph share. */
  private static final class Root {
    final Graph graph;
    final boolean training;
    final long seed;
    final List<Parameter> parameters = new ArrayList<>();
    final List<Network.Part> parts = new ArrayList<>();
    long randomStreams;

    Root(final Graph graph, final boolean training, final long seed) {
      this.graph = graph;
      this.training = training;
      this.seed = seed;
    }
  }

  Scope(final Graph graph, final boolean training, final long seed) {
    this(new Root(graph, training, seed), "", false);
  }

  private Scope(final Root root, final String prefix, final boolean frozen) {
    this.root = root;
    this.prefix = prefix;
    this.frozen = frozen;
  }

  public Graph graph() {
    return root.graph;
  }

  /**
   * Whether a layer here is to define what it does in a training step; else, what it does in
   * prediction.
   */
  public boolean training() {
    return root.training && !frozen;
  }

  /** The seed of all randomness in a training step. */
  public long seed() {
    return root.seed;
  }

  /** Which random numbers of the seed a layer may draw: another number at each call, from 0 up. */
  public long nextRandomStream() {
    return root.randomStreams++;
  }

  /**
   * Defines a layer as a part of this scope's: in {@link #child}, and to be found by its path, as
   * in {@code 1.0.2}, when values are looked at.
   *
   * @throws GradusException as the layer does, with its path and text behind the message.
   */
  public Value part(final String name, final Layer layer, final Value input) {
    final Value output;
    try {
      output = layer.define(child(name), input);
    } catch (final GradusException e) {
      throw located(e, prefix + name, layer);
    }
    root.parts.add(new Network.Part(prefix + name, layer, output));
    return output;
  }

  /** The exception with where the layer stands; of layers that hold others, the innermost. */
  private static GradusException located(
      final GradusException e, final String path, final Layer layer) {
    return e.getCause() instanceof GradusException // located
        ? e
        : new GradusException(
            e.getMessage() + " (layer " + path + ", " + layer.describe() + ")", e);
  }

  /** The scope of a part: its parameters are named {@code <this>.<name>.<parameter>}. */
  public Scope child(final String name) {
    return new Scope(root, prefix + name + ".", frozen);
  }

  /** This scope for a layer that predicts, and learns nothing, also while others train. */
  public Scope frozen() {
    return new Scope(root, prefix, true);
  }

  /** Declares a learned tensor. */
  public Value parameter(
      final String name,
      final Shape shape,
      final Initializer initializer,
      final int fanIn,
      final int fanOut) {
    final Parameter.Kind kind = frozen ? Parameter.Kind.FROZEN : Parameter.Kind.LEARNED;
    return declare(name, shape, kind, initializer, fanIn, fanOut);
  }

  /**
   * Declares a tensor that is kept with the learned ones, in plans and files, but that the layer
   * itself updates, by an op that mutates it, when it trains.
   */
  public Value buffer(final String name, final Shape shape, final Initializer initializer) {
    return declare(name, shape, Parameter.Kind.BUFFER, initializer, 1, 1);
  }

  private Value declare(
      final String name,
      final Shape shape,
      final Parameter.Kind kind,
      final Initializer initializer,
      final int fanIn,
      final int fanOut) {
    final Value value = root.graph.parameter(prefix + name, shape);
    root.parameters.add(new Parameter(value, kind, initializer, fanIn, fanOut));
    return value;
  }

  /** Declares a tensor that a plan keeps from run to run, but no file does. */
  public Value state(final String name, final Shape shape) {
    return root.graph.state(prefix + name, shape);
  }

  List<Network.Part> parts() {
    return List.copyOf(root.parts);
  }

  List<Parameter> parameters() {
    return List.copyOf(root.parameters);
  }
}
