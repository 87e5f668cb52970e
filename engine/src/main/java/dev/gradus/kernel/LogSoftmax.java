package dev.gradus.kernel;

/**
 * {@code y[r,c] = x[r,c] - max - log(sum over k of exp(x[r,k] - max))} with {@code max} the largest
 * of row r, the sum in the order of {@link Lanes}. NaN or positive infinity anywhere in a row makes
 * all of it NaN.
 */
public final class LogSoftmax {
  private final SoftmaxRows passes;

  private LogSoftmax(final SoftmaxRows passes) {
    this.passes = passes;
  }

  public static LogSoftmax of(final KernelMode mode) {
    return new LogSoftmax(SoftmaxRows.of(mode));
  }

  /**
   * Writes the log-softmax of each row.
   *
   * @param x (rows, columns).
   * @param y (rows, columns), not overlapping {@code x}: it holds the exponentials in between.
   */
  public void run(final long x, final long y, final long rows, final long columns) {
    final long rowBytes = columns * Float.BYTES;
    final long group = SoftmaxRows.group(columns);
    for (long from = 0; from < rows; from += group) {
      final long to = Math.min(from + group, rows);
      for (long r = from; r < to; r++) {
        passes.subtractMax(x + r * rowBytes, y + r * rowBytes, columns);
      }
      passes.exp(y + from * rowBytes, (to - from) * columns);
      for (long r = from; r < to; r++) {
        final float log = Log.of(passes.sum(y + r * rowBytes, columns));
        passes.subtractMax(x + r * rowBytes, y + r * rowBytes, columns);
        passes.subtract(y + r * rowBytes, columns, log);
      }
    }
  }
}
