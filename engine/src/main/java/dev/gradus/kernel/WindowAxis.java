package dev.gradus.kernel;

import dev.gradus.memory.GradusException;

/**
 * How a window slides along one axis: position {@code o} of {@code output(n)} covers the inputs
 * {@code o * stride - before + i * dilation} for {@code i} from 0 to {@code size - 1}; those
 * outside {@code 0..n-1} are padding.
 *
 * @param size inputs a window covers.
 * @param stride inputs from one window to the next.
 * @param before padding in front of the axis.
 * @param after padding behind it.
 * @param dilation inputs from one covered input to the next.
 */
public record WindowAxis(int size, int stride, int before, int after, int dilation) {
  /** An axis along which nothing slides. */
  public static final WindowAxis POINT = new WindowAxis(1, 1, 0, 0, 1);

  public WindowAxis {
    requireAtLeast("size", 1, size);
    requireAtLeast("stride", 1, stride);
    requireAtLeast("padding", 0, Math.min(before, after));
    requireAtLeast("dilation", 1, dilation);
    if ((long) (size - 1) * dilation >= Integer.MAX_VALUE) {
      throw GradusException.outOfRange(
          "extent of a window", "below 2^31", (size - 1L) * dilation + 1);
    }
  }

  private static void requireAtLeast(final String what, final int least, final int actual) {
    if (actual < least) {
      throw GradusException.outOfRange(what + " of a window", least + " or more", actual);
    }
  }

  /** Inputs from a window's first to its last, both included. */
  public int extent() {
    return (size - 1) * dilation + 1;
  }

  /** The number of positions over {@code input} elements; 0 or less where not one fits. */
  public int output(final int input) {
    final long slack = (long) input + before + after - extent();
    return slack < 0 ? 0 : (int) Math.min(Integer.MAX_VALUE, slack / stride + 1);
  }

  /** The first position whose element {@code i} is not padding in front of the axis. */
  int firstInside(final int i) {
    final int missing = before - i * dilation;
    return missing <= 0 ? 0 : (missing + stride - 1) / stride;
  }

  /** Behind the last position whose element {@code i} lies below {@code input}; may be below 0. */
  int endInside(final int i, final int input) {
    return Math.floorDiv(input - 1 + before - i * dilation, stride) + 1;
  }

  /** The first element of a window at {@code start} that is not padding in front of the axis. */
  int firstCovered(final int start) {
    return start >= 0 ? 0 : (dilation - 1 - start) / dilation;
  }

  /** Behind the last element of a window at {@code start} that lies below {@code input}. */
  int endCovered(final int start, final int input) {
    return Math.min(size, (input - start + dilation - 1) / dilation);
  }

  /** Whether every position over {@code input} elements covers one that is not padding. */
  public boolean coversAlways(final int input) {
    for (int o = 0; o < output(input); o++) {
      final int start = o * stride - before;
      if (firstCovered(start) >= endCovered(start, input)) {
        return false;
      }
    }
    return true;
  }
}
