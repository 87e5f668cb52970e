package dev.gradus.train;

import dev.gradus.graph.Node;
import dev.gradus.graph.Value;
import dev.gradus.graph.op.Activate;
import dev.gradus.memory.Shape;
import dev.gradus.memory.Tensor;
import dev.gradus.nn.Conv1d;
import dev.gradus.nn.Conv2d;
import dev.gradus.nn.ConvTranspose2d;
import dev.gradus.nn.Dense;
import dev.gradus.nn.Layer;
import dev.gradus.nn.Network;
import dev.gradus.nn.Recurrent;
import java.util.ArrayList;
import java.util.List;

/** The units of a layer, and which of them were seen where their activation has a slope. */
final class Units {
  /** How near to where it ends an output has to be to be saturated. */
  private static final double SATURATED = 0.01;

  private static final double ZERO = 1e-6;

  private final String path;
  private final String text;
  private final String activation;
  private final int stride; // elements of a row from one unit to the next
  private final boolean[] alive;

  private Units(
      final String path,
      final String text,
      final String activation,
      final int stride,
      final int count) {
    this.path = path;
    this.text = text;
    this.activation = activation;
    this.stride = stride;
    this.alive = new boolean[count];
  }

  /** Where the layer stands. */
  String path() {
    return path;
  }

  String text() {
    return text;
  }

  int count() {
    return alive.length;
  }

  /** How many were never seen with a slope. */
  int dead() {
    int dead = 0;
    for (final boolean is : alive) {
      dead += is ? 0 : 1;
    }
    return dead;
  }

  /** Takes in the layer's outputs of a step. */
  void look(final Tensor output, final int rows) {
    final long elements = output.elements() / output.shape().dim(0) * rows;
    for (long i = 0; i < elements; i++) {
      alive[(int) (i / stride % alive.length)] |= !isFlat(output.get(i));
    }
  }

  private boolean isFlat(final double y) {
    return switch (activation) {
      case "tanh" -> Math.abs(y) > 1 - SATURATED;
      case "sigmoid", "hard_sigmoid" -> y < SATURATED || y > 1 - SATURATED;
      case "relu6" -> y < ZERO || y > 6 - ZERO;
      default -> Math.abs(y) < ZERO;
    };
  }

  /** Of all layers that end in an activation, and of recurrent ones; those in branches too. */
  static List<Units> of(final Network network) {
    final Network.Definition definition = network.define();
    final List<Units> all = new ArrayList<>();
    boolean channelsFirst = false;
    for (final Network.Part part : definition.parts()) {
      final Layer layer = part.layer();
      if (layer instanceof Conv1d || layer instanceof Conv2d || layer instanceof ConvTranspose2d) {
        channelsFirst = true;
      } else if (layer instanceof Dense || layer instanceof Recurrent) {
        channelsFirst = false;
      }
      final Value output = part.output();
      final String activation = activation(definition, layer, output);
      if (activation != null) {
        final Shape shape = output.shape();
        final int units = channelsFirst ? shape.dim(1) : shape.last();
        final int stride = channelsFirst ? Math.toIntExact(shape.rowElements() / units) : 1;
        all.add(new Units(part.path(), layer.describe(), activation, stride, units));
      }
    }
    return all;
  }

  /** The name of what bounds a layer's outputs, or null. */
  private static String activation(
      final Network.Definition definition, final Layer layer, final Value output) {
    if (layer instanceof Recurrent) {
      return "tanh";
    }
    for (final Node node : definition.graph().nodes()) {
      if (node.op() instanceof Activate activate && node.outputs().contains(output)) {
        return activate.function().name();
      }
    }
    return null;
  }
}
