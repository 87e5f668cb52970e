package dev.gradus.nn;

import dev.gradus.graph.Value;
import dev.gradus.graph.op.AvgPool2d;
import dev.gradus.graph.op.MaxPool2d;
import dev.gradus.kernel.Window;
import dev.gradus.kernel.WindowAxis;
import java.util.List;

/**
 * The largest element or the mean of each window of each channel, as PyTorch's {@code MaxPool2d},
 * {@code AvgPool2d} and their one-dimensional like: (N,channels,height,width) to
 * (N,channels,height',width'), or (N,channels,length) to (N,channels,length').
 *
 * @param axes 2 for images, 1 for sequences, whose window has a {@link WindowAxis#POINT}
 *     vertically.
 * @param mean whether the mean rather than the largest.
 * @param countIncludePad whether a mean counts padding as elements of 0.
 */
public record Pool(int axes, boolean mean, Window window, boolean countIncludePad)
    implements Layer {
  private static final String EXCLUDE = "exclude_pad";

  public Pool {
    WindowText.requirePadding(mean ? "avg_pool" : "max_pool", window);
    countIncludePad |= !mean;
  }

  /** The largest of each square window, one beside the other. */
  public static Pool max2d(final int size) {
    return new Pool(2, false, Window.square(size, size, 0, 1), true);
  }

  /** The mean of each square window, one beside the other. */
  public static Pool avg2d(final int size) {
    return new Pool(2, true, Window.square(size, size, 0, 1), true);
  }

  /** The largest of each window along a sequence, one beside the other. */
  public static Pool max1d(final int size) {
    return new Pool(1, false, line(size), true);
  }

  /** The mean of each window along a sequence, one beside the other. */
  public static Pool avg1d(final int size) {
    return new Pool(1, true, line(size), true);
  }

  private static Window line(final int size) {
    return new Window(WindowAxis.POINT, new WindowAxis(size, size, 0, 0, 1));
  }

  static String name(final int axes, final boolean mean) {
    return (mean ? "avg_pool" : "max_pool") + axes + "d";
  }

  @Override
  public Value define(final Scope scope, final Value input) {
    if (axes == 2) {
      Conv2d.requireImages(name(axes, mean), input);
      return pool(scope, input);
    }
    Conv1d.requireSequences(name(axes, mean), input);
    return Conv1d.sequences(scope, pool(scope, Conv1d.images(scope, input)));
  }

  private Value pool(final Scope scope, final Value images) {
    return mean
        ? scope.graph().apply(new AvgPool2d(window, countIncludePad), images)
        : scope.graph().applyAll(new MaxPool2d(window), images).get(0);
  }

  /**
   * The layer that arguments {@code kernel[,stride[,padding[,dilation]]]}, for means {@code
   * kernel[,stride[,padding]][,exclude_pad]}, describe.
   */
  static Layer parse(final int axes, final boolean mean, final List<String> arguments) {
    final String expected =
        mean ? "kernel[,stride[,padding]][,exclude_pad]" : "kernel[,stride[,padding[,dilation]]]";
    final WindowText text =
        new WindowText(name(axes, mean), expected, axes, arguments, 1, mean ? 3 : 4);
    final boolean exclude = text.ends(mean ? EXCLUDE : null);
    return new Pool(axes, mean, text.window(0, true), !exclude);
  }

  @Override
  public String describe() {
    final List<String> numbers = WindowText.numbers(window, axes);
    return WindowText.describe(
        name(axes, mean),
        numbers,
        List.of(numbers.get(0), "0", "1"),
        countIncludePad ? null : EXCLUDE);
  }
}
