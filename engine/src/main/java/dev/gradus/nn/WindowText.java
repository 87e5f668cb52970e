package dev.gradus.nn;

import dev.gradus.kernel.Activation;
import dev.gradus.kernel.Window;
import dev.gradus.kernel.WindowAxis;
import dev.gradus.memory.GradusException;
import java.util.ArrayList;
import java.util.List;

/**
 * Windows in the text of layers: size, stride, padding and dilation, each one number for both axes
 * or {@code vertical x horizontal} as in {@code 3x5}. What is left out at the end is usual.
 */
final class WindowText {
  /** As much padding as keeps the size, one more behind than in front where it is odd. */
  private static final String SAME = "same";

  private final String layer;
  private final String expected;
  private final int axes;
  private final List<String> all;
  private final List<String> numbers;
  private final String last;

  /**
   * Divides a layer's arguments into numbers and what may stand last.
   *
   * @param layer its name.
   * @param expected its arguments, for errors.
   * @param axes 1 or 2.
   * @param least the fewest numbers.
   * @param most the most numbers.
   */
  WindowText(
      final String layer,
      final String expected,
      final int axes,
      final List<String> arguments,
      final int least,
      final int most) {
    this.layer = layer;
    this.expected = expected;
    this.axes = axes;
    this.all = arguments;
    final int count = arguments.size();
    final boolean word = count > 0 && !isNumber(arguments.get(count - 1));
    this.numbers = word ? arguments.subList(0, count - 1) : arguments;
    this.last = word ? arguments.get(count - 1) : null;
    if (numbers.size() < least || numbers.size() > most) {
      throw mismatch();
    }
  }

  private static boolean isNumber(final String text) {
    return text.equals(SAME) || (!text.isEmpty() && Character.isDigit(text.charAt(0)));
  }

  private GradusException mismatch() {
    return GradusException.mismatch("arguments of " + layer, expected, all);
  }

  /** The activation that stands last, or null. */
  Activation activation() {
    return last == null ? null : Activations.byName(last);
  }

  /** Whether a word stands last; no other may. */
  boolean ends(final String word) {
    if (last != null && !last.equals(word)) {
      throw mismatch();
    }
    return last != null;
  }

  /** The number at a position; {@code usual} behind the end. */
  int number(final String what, final int position, final int usual) {
    return position < numbers.size()
        ? Layers.number(what + " of " + layer, numbers.get(position))
        : usual;
  }

  private int[] pair(final String what, final int position, final int usual) {
    if (position >= numbers.size()) {
      return new int[] {usual, usual};
    }
    final String text = numbers.get(position);
    final int cross = text.indexOf('x');
    if (cross < 0) {
      final int number = Layers.number(what + " of " + layer, text);
      return new int[] {number, number};
    }
    return new int[] {
      Layers.number(what + " of " + layer, text.substring(0, cross)),
      Layers.number(what + " of " + layer, text.substring(cross + 1))
    };
  }

  /**
   * The window that the numbers from {@code position} on describe: size, stride, padding, dilation.
   *
   * @param strideOfSize whether the usual stride is the size rather than 1.
   */
  Window window(final int position, final boolean strideOfSize) {
    final int[] size = pair("kernel", position, 1);
    final boolean strideGiven = position + 1 < numbers.size();
    final int[] stride = strideOfSize && !strideGiven ? size : pair("stride", position + 1, 1);
    final int[] dilation = pair("dilation", position + 3, 1);
    if (position + 2 < numbers.size() && numbers.get(position + 2).equals(SAME)) {
      return same(layer, axes, size, stride, dilation);
    }
    final int[] padding = pair("padding", position + 2, 0);
    return new Window(
        axes == 1
            ? WindowAxis.POINT
            : new WindowAxis(size[0], stride[0], padding[0], padding[0], dilation[0]),
        new WindowAxis(size[1], stride[1], padding[1], padding[1], dilation[1]));
  }

  private static Window same(
      final String layer,
      final int axes,
      final int[] size,
      final int[] stride,
      final int[] dilation) {
    if (stride[1] != 1 || (axes == 2 && stride[0] != 1)) {
      throw GradusException.outOfRange(
          "stride of " + layer, "1 with padding that keeps the size", stride[0] + "x" + stride[1]);
    }
    return new Window(
        axes == 1 ? WindowAxis.POINT : same(size[0], dilation[0]), same(size[1], dilation[1]));
  }

  static WindowAxis same(final int size, final int dilation) {
    final int total = new WindowAxis(size, 1, 0, 0, dilation).extent() - 1;
    return new WindowAxis(size, 1, total / 2, total - total / 2, dilation);
  }

  /**
   * Checks that a window can be written.
   *
   * @throws GradusException where padding differs between the sides of an axis and is not what
   *     keeps the size.
   */
  static void requirePadding(final String layer, final Window window) {
    if (!isEven(window) && !isSame(window)) {
      throw GradusException.mismatch(
          "padding of " + layer, "as much in front as behind, or what keeps the size", window);
    }
  }

  private static boolean isEven(final Window window) {
    return window.vertical().before() == window.vertical().after()
        && window.horizontal().before() == window.horizontal().after();
  }

  private static boolean isSame(final Window window) {
    return isSame(window.vertical()) && isSame(window.horizontal());
  }

  private static boolean isSame(final WindowAxis axis) {
    return axis.equals(same(axis.size(), axis.dilation()));
  }

  /** Size, stride, padding and dilation as numbers that {@link #window} reads. */
  static List<String> numbers(final Window window, final int axes) {
    final WindowAxis v = window.vertical();
    final WindowAxis h = window.horizontal();
    final String padding = isEven(window) ? pair(axes, v.before(), h.before()) : SAME;
    return List.of(
        pair(axes, v.size(), h.size()),
        pair(axes, v.stride(), h.stride()),
        padding,
        pair(axes, v.dilation(), h.dilation()));
  }

  private static String pair(final int axes, final int first, final int second) {
    return axes == 1 || first == second ? Integer.toString(second) : first + "x" + second;
  }

  /**
   * A layer's text.
   *
   * @param numbers all of its numbers.
   * @param usual what each of the last numbers usually is; those at the end are left out.
   * @param last what stands behind them, or null.
   */
  static String describe(
      final String layer, final List<String> numbers, final List<String> usual, final String last) {
    final List<String> parts = new ArrayList<>(numbers);
    int tail = usual.size();
    while (tail > 0 && parts.get(parts.size() - 1).equals(usual.get(tail - 1))) {
      parts.remove(parts.size() - 1);
      tail--;
    }
    if (last != null) {
      parts.add(last);
    }
    return layer + "(" + String.join(",", parts) + ")";
  }
}
