package dev.gradus.kernel;

/**
 * {@code y[r,c] = exp(x[r,c] - max) / sum over k of exp(x[r,k] - max)} with {@code max} the largest
 * of row r, the sum in the order of {@link Lanes}. NaN or positive infinity anywhere in a row makes
 * all of it NaN.
 */
public final class Softmax {
  private final SoftmaxRows passes;

  private Softmax(final SoftmaxRows passes) {
    this.passes = passes;
  }

  public static Softmax of(final KernelMode mode) {
    return new Softmax(SoftmaxRows.of(mode));
  }

  /**
   * Writes the softmax of each row.
   *
   * @param x (rows, columns).
   * @param y (rows, columns); may be {@code x}.
   */
  public void run(final long x, final long y, final long rows, final long columns) {
    if (SoftmaxRows.isWide(columns)) {
      runWide(x, y, rows, columns);
      return;
    }
    final long rowBytes = columns * Float.BYTES;
    final long group = SoftmaxRows.group(columns);
    for (long from = 0; from < rows; from += group) {
      final long to = Math.min(from + group, rows);
      for (long r = from; r < to; r++) {
        passes.subtractMax(x + r * rowBytes, y + r * rowBytes, columns);
      }
      passes.exp(y + from * rowBytes, (to - from) * columns);
      for (long r = from; r < to; r++) {
        passes.normalize(y + r * rowBytes, columns);
      }
    }
  }

  private void runWide(final long x, final long y, final long rows, final long columns) {
    final long rowBytes = columns * Float.BYTES;
    float max = rows > 0 ? passes.max(x, columns) : 0f;
    for (long r = 0; r < rows; r++) {
      final long row = x + r * rowBytes;
      final long target = y + r * rowBytes;
      max = passes.expAndMax(row, target, columns, max, r + 1 < rows ? row + rowBytes : row);
      passes.normalize(target, columns);
    }
  }
}
