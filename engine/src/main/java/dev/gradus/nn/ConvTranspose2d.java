package dev.gradus.nn;

import dev.gradus.graph.Value;
import dev.gradus.kernel.Activation;
import dev.gradus.kernel.Linear;
import dev.gradus.kernel.Window;
import dev.gradus.kernel.WindowAxis;
import dev.gradus.memory.GradusException;
import dev.gradus.memory.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * Transposed convolution of images, the gradient of a convolution as a layer: (N,channels,h,w) to
 * (N,filters,h',w') with {@code h' = (h - 1) * stride - 2 * padding + dilation * (kernel - 1) + 1 +
 * outputPadding}, as PyTorch's {@code ConvTranspose2d}. Parameters: "weight" (channels,
 * filters/groups, kernel height, kernel width), "bias" (filters). Fan-in is {@code channels/groups
 * * kernel area}, fan-out {@code filters * kernel area}.
 *
 * @param groups filters of a group read the channels of that group alone.
 * @param outputPadding rows and columns added at the end, below the stride: which of the sizes that
 *     a convolution maps to the same.
 * @param activation applied to the sum with the bias; null for linear.
 * @param weights how the weight starts; the bias starts as zeros.
 */
public record ConvTranspose2d(
    int filters,
    Window window,
    int groups,
    int outputPadding,
    Activation activation,
    Initializer weights)
    implements Layer {
  private static final String NAME = "conv_transpose2d";
  private static final String ARGUMENTS =
      "filters,kernel[,stride[,padding[,dilation[,groups[,output_padding]]]]][,activation]";

  public ConvTranspose2d {
    activation = activation instanceof Linear ? null : activation;
    if (filters < 1) {
      throw GradusException.outOfRange("filters of conv_transpose2d", "1 or more", filters);
    }
    if (groups < 1 || filters % groups != 0) {
      throw GradusException.outOfRange(
          "groups of conv_transpose2d", "a divisor of " + filters + " filters", groups);
    }
    final int stride = Math.min(window.vertical().stride(), window.horizontal().stride());
    if (outputPadding < 0 || outputPadding >= stride) {
      throw GradusException.outOfRange(
          "output padding of conv_transpose2d", "0 to " + (stride - 1), outputPadding);
    }
    if (weights == null) {
      throw GradusException.mismatch("weights of conv_transpose2d", "an initializer", null);
    }
    WindowText.requirePadding(NAME, window);
  }

  /** Weights as {@link Initializers#usualFor}. */
  public ConvTranspose2d(
      final int filters,
      final Window window,
      final int groups,
      final int outputPadding,
      final Activation activation) {
    this(filters, window, groups, outputPadding, activation, Initializers.usualFor(activation));
  }

  @Override
  public Value define(final Scope scope, final Value input) {
    final int channels = Conv2d.requireImages(NAME, input);
    if (channels % groups != 0) {
      throw GradusException.outOfRange(
          "groups of conv_transpose2d on " + input.shape(),
          "a divisor of " + channels + " channels",
          groups);
    }
    final int height = size(window.vertical(), input, 2);
    final int width = size(window.horizontal(), input, 3);
    final int fanIn = Conv2d.fan(channels / groups, window);
    final int fanOut = Conv2d.fan(filters, window);
    final Shape shape =
        Shape.of(channels, filters / groups, window.vertical().size(), window.horizontal().size());
    final Value weight = scope.parameter("weight", shape, weights, fanIn, fanOut);
    final Value product =
        scope
            .graph()
            .apply(
                new dev.gradus.graph.op.ConvTranspose2d(window, groups, height, width),
                input,
                weight);
    return Conv2d.finish(scope, product, activation, fanIn, fanOut);
  }

  private int size(final WindowAxis axis, final Value input, final int dimension) {
    final long size =
        (input.shape().dim(dimension) - 1L) * axis.stride()
            - axis.before()
            - axis.after()
            + axis.extent()
            + outputPadding;
    if (size < 1 || size > Integer.MAX_VALUE) {
      throw GradusException.outOfRange(
          "size of the output of conv_transpose2d on " + input.shape(), "1 to 2^31 - 1", size);
    }
    return (int) size;
  }

  /** The layer that arguments as {@link #ARGUMENTS} describe. */
  static Layer parse(final List<String> arguments) {
    final WindowText text = new WindowText(NAME, ARGUMENTS, 2, arguments, 2, 7);
    return new ConvTranspose2d(
        text.number("filters", 0, 0),
        text.window(1, false),
        text.number("groups", 5, 1),
        text.number("output padding", 6, 0),
        text.activation());
  }

  @Override
  public String describe() {
    final List<String> numbers = new ArrayList<>();
    numbers.add(Integer.toString(filters));
    numbers.addAll(WindowText.numbers(window, 2));
    numbers.add(Integer.toString(groups));
    numbers.add(Integer.toString(outputPadding));
    return WindowText.describe(
        NAME,
        numbers,
        List.of("1", "0", "1", "1", "0"),
        activation == null ? null : activation.describe());
  }
}
