package dev.gradus.tools.fit;

import dev.gradus.memory.Names;
import dev.gradus.nn.Network;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** A function of one number, where it is to be fitted, and a network that is able to. */
public enum Curve {
  /** One neuron without an activation: a straight line. */
  LINE("input(1) dense(1)", -2, 2, 0.1),

  /** Five neurons of tanh and a sum of them. */
  SINE("input(1) dense(5,tanh) dense(1)", -Math.PI, Math.PI, 0.05),

  /** A sine that swings faster and faster, on a roof with an edge: two layers of tanh. */
  HARD("input(1) dense(24,tanh) dense(24,tanh) dense(1)", -1, 1, 0.02);

  private final String layers;
  private final double from;
  private final double to;
  private final double noise;

  Curve(final String layers, final double from, final double to, final double noise) {
    this.layers = layers;
    this.from = from;
    this.to = to;
    this.noise = noise;
  }

  /** The names of all, as users write them. */
  public static List<String> names() {
    return Arrays.stream(values()).map(Curve::label).toList();
  }

  /**
   * The curve of that name.
   *
   * @throws dev.gradus.memory.GradusException where there is none.
   */
  public static Curve byName(final String name) {
    for (final Curve curve : values()) {
      if (curve.label().equals(name)) {
        return curve;
      }
    }
    throw Names.unknown("curve", name, names());
  }

  /** The name users write, lower case. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  public Network network() {
    return Network.parse(layers);
  }

  /** The usual standard deviation of the data around it. */
  public double noise() {
    return noise;
  }

  /** Its height. */
  double at(final double x) {
    return switch (this) {
      case LINE -> 0.8 * x - 0.3;
      case SINE -> Math.sin(x);
      case HARD -> 0.5 * Math.sin(Math.PI * (x + 1) * (x + 1) * (x + 1)) + Math.abs(x);
    };
  }

  /** Points at equal distances, both ends among them. */
  double[] grid(final int points) {
    final double[] grid = new double[points];
    for (int i = 0; i < points; i++) {
      grid[i] = from + (to - from) * i / (points - 1);
    }
    return grid;
  }
}
