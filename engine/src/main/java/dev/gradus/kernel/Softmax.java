package dev.gradus.kernel;

/**
 * {@code y[r,c] = exp(x[r,c] - max over k of x[r,k]) / sum over k of exp(x[r,k] - max)}, see {@link
 * SoftmaxRow}.
 */
public abstract class Softmax {
  private Softmax() {}

  public static Softmax of(final KernelMode mode) {
    return mode == KernelMode.VECTOR ? new Vector() : new Scalar();
  }

  /**
   * Writes the softmax of each row.
   *
   * @param x (rows, columns).
   * @param y (rows, columns); may be {@code x}.
   */
  public abstract void run(long x, long y, long rows, long columns);

  private static final class Vector extends Softmax {
    @Override
    public void run(final long x, final long y, final long rows, final long columns) {
      final long rowBytes = columns * Float.BYTES;
      for (long r = 0; r < rows; r++) {
        final long row = x + r * rowBytes;
        SoftmaxRow.Vector.run(row, y + r * rowBytes, columns, SoftmaxRow.Vector.max(row, columns));
      }
    }
  }

  private static final class Scalar extends Softmax {
    @Override
    public void run(final long x, final long y, final long rows, final long columns) {
      final long rowBytes = columns * Float.BYTES;
      for (long r = 0; r < rows; r++) {
        final long row = x + r * rowBytes;
        SoftmaxRow.Scalar.run(row, y + r * rowBytes, columns, SoftmaxRow.Scalar.max(row, columns));
      }
    }
  }
}
