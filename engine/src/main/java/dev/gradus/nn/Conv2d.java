package dev.gradus.nn;

import dev.gradus.graph.Value;
import dev.gradus.graph.op.Activate;
import dev.gradus.graph.op.AddChannelBias;
import dev.gradus.kernel.Activation;
import dev.gradus.kernel.Linear;
import dev.gradus.kernel.Window;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * Convolution of images, {@code y = f(conv2d(x, W) + b)}: (N,channels,height,width) to
 * (N,filters,height',width'), as PyTorch's {@code Conv2d}. Parameters: "weight" (filters,
 * channels/groups, kernel height, kernel width), "bias" (filters). A filter's fan-in is {@code
 * channels/groups * kernel area}, its fan-out {@code filters * kernel area}.
 *
 * @param groups filters of a group read the channels of that group alone; as many as channels:
 *     depthwise.
 * @param activation f; null for linear.
 * @param weights how W starts; b starts as zeros.
 */
public record Conv2d(
    int filters, Window window, int groups, Activation activation, Initializer weights)
    implements Layer {
  static final String ARGUMENTS =
      "filters,kernel[,stride[,padding[,dilation[,groups]]]][,activation]";
  private static final String NAME = "conv2d";

  public Conv2d {
    activation = activation instanceof Linear ? null : activation;
    if (filters < 1) {
      throw GradusException.outOfRange("filters of conv2d", "1 or more", filters);
    }
    if (groups < 1 || filters % groups != 0) {
      throw GradusException.outOfRange(
          "groups of conv2d", "a divisor of " + filters + " filters", groups);
    }
    if (weights == null) {
      throw GradusException.mismatch("weights of conv2d", "an initializer", null);
    }
    WindowText.requirePadding(NAME, window);
  }

  /** A square kernel, stride 1, no padding; weights as {@link Initializers#usualFor}. */
  public Conv2d(final int filters, final int kernel, final Activation activation) {
    this(filters, Window.square(kernel, 1, 0, 1), 1, activation);
  }

  /** Weights as {@link Initializers#usualFor}. */
  public Conv2d(
      final int filters, final Window window, final int groups, final Activation activation) {
    this(filters, window, groups, activation, Initializers.usualFor(activation));
  }

  @Override
  public Value define(final Scope scope, final Value input) {
    final int channels = requireImages(NAME, input);
    if (channels % groups != 0) {
      throw GradusException.outOfRange(
          "groups of conv2d on " + input.shape(), "a divisor of " + channels + " channels", groups);
    }
    final int height = window.vertical().size();
    final int width = window.horizontal().size();
    final int fanIn = fan(channels / groups, window);
    final int fanOut = fan(filters, window);
    final Shape shape = Shape.of(filters, channels / groups, height, width);
    final Value weight = scope.parameter("weight", shape, weights, fanIn, fanOut);
    final Value product =
        scope.graph().apply(new dev.gradus.graph.op.Conv2d(window, groups), input, weight);
    return finish(scope, product, activation, fanIn, fanOut);
  }

  /** Checks an input; its number of channels. */
  static int requireImages(final String layer, final Value input) {
    if (input.shape().rank() != 4) {
      throw GradusException.mismatch(
          "shape of input of " + layer, "[N,channels,height,width]", input.shape());
    }
    return input.shape().dim(1);
  }

  /** Channels times the elements of the window. */
  static int fan(final int channels, final Window window) {
    return (int) Math.min(Integer.MAX_VALUE, (long) channels * window.area());
  }

  /** Adds a bias for each channel, and applies the activation. */
  static Value finish(
      final Scope scope,
      final Value product,
      final Activation activation,
      final int fanIn,
      final int fanOut) {
    final Shape shape = Shape.of(product.shape().dim(1));
    final Value bias = scope.parameter("bias", shape, Initializers.zeros(), fanIn, fanOut);
    final Value sum = scope.graph().apply(new AddChannelBias(), product, bias);
    return activation == null ? sum : scope.graph().apply(new Activate(activation), sum);
  }

  /** The layer that arguments as {@link #ARGUMENTS} describe. */
  static Layer parse(final List<String> arguments) {
    final WindowText text = new WindowText(NAME, ARGUMENTS, 2, arguments, 2, 6);
    return new Conv2d(
        text.number("filters", 0, 0),
        text.window(1, false),
        text.number("groups", 5, 1),
        text.activation());
  }

  @Override
  public String describe() {
    return describe(NAME, filters, window, 2, groups, activation);
  }

  static String describe(
      final String name,
      final int filters,
      final Window window,
      final int axes,
      final int groups,
      final Activation activation) {
    final List<String> numbers = new ArrayList<>();
    numbers.add(Integer.toString(filters));
    numbers.addAll(WindowText.numbers(window, axes));
    numbers.add(Integer.toString(groups));
    return WindowText.describe(
        name,
        numbers,
        List.of("1", "0", "1", "1"),
        activation == null ? null : activation.describe());
  }
}
