package dev.gradus.nn;

import dev.gradus.graph.Value;
import dev.gradus.graph.op.Reshape;
import dev.gradus.kernel.Activation;
import dev.gradus.kernel.Linear;
import dev.gradus.kernel.Window;
import dev.gradus.kernel.WindowAxis;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.Shape;
import java.util.List;

/**
 * Convolution of sequences, {@code y = f(conv1d(x, W) + b)}: (N,channels,length) to
 * (N,filters,length'), as PyTorch's {@code Conv1d}: {@link Conv2d} of images of height 1.
 * Parameters: "weight" (filters, channels/groups, kernel), "bias" (filters).
 *
 * @param groups filters of a group read the channels of that group alone.
 * @param activation f; null for linear.
 * @param weights how W starts; b starts as zeros.
 */
public record Conv1d(
    int filters, WindowAxis window, int groups, Activation activation, Initializer weights)
    implements Layer {
  private static final String NAME = "conv1d";

  public Conv1d {
    activation = activation instanceof Linear ? null : activation;
    if (filters < 1) {
      throw GradusException.outOfRange("filters of conv1d", "1 or more", filters);
    }
    if (groups < 1 || filters % groups != 0) {
      throw GradusException.outOfRange(
          "groups of conv1d", "a divisor of " + filters + " filters", groups);
    }
    if (weights == null) {
      throw GradusException.mismatch("weights of conv1d", "an initializer", null);
    }
    WindowText.requirePadding(NAME, new Window(WindowAxis.POINT, window));
  }

  /** Stride 1, no padding; weights as {@link Initializers#usualFor}. */
  public Conv1d(final int filters, final int kernel, final Activation activation) {
    this(filters, new WindowAxis(kernel, 1, 0, 0, 1), 1, activation);
  }

  /** Weights as {@link Initializers#usualFor}. */
  public Conv1d(
      final int filters, final WindowAxis window, final int groups, final Activation activation) {
    this(filters, window, groups, activation, Initializers.usualFor(activation));
  }

  private Window flat() {
    return new Window(WindowAxis.POINT, window);
  }

  @Override
  public Value define(final Scope scope, final Value input) {
    final int channels = requireSequences(NAME, input);
    if (channels % groups != 0) {
      throw GradusException.outOfRange(
          "groups of conv1d on " + input.shape(), "a divisor of " + channels + " channels", groups);
    }
    final int fanIn = Conv2d.fan(channels / groups, flat());
    final int fanOut = Conv2d.fan(filters, flat());
    final Shape shape = Shape.of(filters, channels / groups, window.size());
    final Value weight = scope.parameter("weight", shape, weights, fanIn, fanOut);
    final Shape lines = Shape.of(filters, channels / groups, 1, window.size());
    final Value product =
        scope
            .graph()
            .apply(
                new dev.gradus.graph.op.Conv2d(flat(), groups),
                images(scope, input),
                scope.graph().apply(new Reshape(lines), weight));
    return sequences(scope, Conv2d.finish(scope, product, activation, fanIn, fanOut));
  }

  /** Checks an input; its number of channels. */
  static int requireSequences(final String layer, final Value input) {
    if (input.shape().rank() != 3 || !input.shape().isBatched()) {
      throw GradusException.mismatch(
          "shape of input of " + layer, "[N,channels,length]", input.shape());
    }
    return input.shape().dim(1);
  }

  /** (N,channels,length) as (N,channels,1,length). */
  static Value images(final Scope scope, final Value input) {
    final Shape shape = Shape.batched(input.shape().dim(1), 1, input.shape().dim(2));
    return scope.graph().apply(new Reshape(shape), input);
  }

  /** (N,channels,1,length) as (N,channels,length). */
  static Value sequences(final Scope scope, final Value images) {
    final Shape shape = Shape.batched(images.shape().dim(1), images.shape().dim(3));
    return scope.graph().apply(new Reshape(shape), images);
  }

  /** The layer that arguments as {@link Conv2d#ARGUMENTS} describe. */
  static Layer parse(final List<String> arguments) {
    final WindowText text = new WindowText(NAME, Conv2d.ARGUMENTS, 1, arguments, 2, 6);
    return new Conv1d(
        text.number("filters", 0, 0),
        text.window(1, false).horizontal(),
        text.number("groups", 5, 1),
        text.activation());
  }

  @Override
  public String describe() {
    return Conv2d.describe(NAME, filters, flat(), 1, groups, activation);
  }
}
