package dev.gradus.kernel;

/**
 * {@code dX[r,c] = dY[r,c] - exp(y[r,c]) * sum over k of dY[r,k]} with y the {@link LogSoftmax},
 * the sum in the order of {@link Lanes}.
 */
public final class LogSoftmaxGradient {
  private final SoftmaxRows passes;

  private LogSoftmaxGradient(final SoftmaxRows passes) {
    this.passes = passes;
  }

  public static LogSoftmaxGradient of(final KernelMode mode) {
    return new LogSoftmaxGradient(SoftmaxRows.of(mode));
  }

  /**
   * Writes the gradient of each row.
   *
   * @param y (rows, columns).
   * @param dY (rows, columns).
   * @param dX (rows, columns); may be {@code y}, not {@code dY}: it holds the exponentials in
   *     between.
   */
  public void run(final long y, final long dY, final long dX, final long rows, final long columns) {
    final long rowBytes = columns * Float.BYTES;
    final long group = SoftmaxRows.group(columns);
    for (long from = 0; from < rows; from += group) {
      final long to = Math.min(from + group, rows);
      passes.exp(y + from * rowBytes, dX + from * rowBytes, (to - from) * columns);
      for (long r = from; r < to; r++) {
        final long gradient = dY + r * rowBytes;
        passes.backward(gradient, dX + r * rowBytes, columns, passes.sum(gradient, columns));
      }
    }
  }
}
