package dev.gradus.kernel;

import dev.gradus.memory.OffHeap;

/**
 * Softmax and its cross-entropy with one class per row: {@code rowLoss[r] = log(sum over k of
 * exp(x[r,k] - max)) - (x[r,label] - max)}, which loses nothing where the probability of the label
 * rounds to 0.
 */
public abstract class SoftmaxCrossEntropy {
  private SoftmaxCrossEntropy() {}

  public static SoftmaxCrossEntropy of(final KernelMode mode) {
    return mode == KernelMode.VECTOR ? new Vector() : new Scalar();
  }

  /**
   * Writes probabilities and losses.
   *
   * @param logits (rows, columns).
   * @param labels int32 (rows), each from 0 to columns - 1.
   * @param probabilities (rows, columns); may be {@code logits}.
   * @param rowLoss (rows).
   */
  public final void run(
      final long logits,
      final long labels,
      final long probabilities,
      final long rowLoss,
      final long rows,
      final long columns) {
    final long rowBytes = columns * Float.BYTES;
    for (long r = 0; r < rows; r++) {
      final long x = logits + r * rowBytes;
      final long label = OffHeap.getInt(labels + r * Integer.BYTES);
      final float max = max(x, columns);
      // Read before the probabilities may overwrite it.
      final float labelled = OffHeap.getFloat(x + label * Float.BYTES) - max;
      final float sum = softmax(x, probabilities + r * rowBytes, columns, max);
      // Pure Java, the same bits before and after compilation; once a row.
      final float logSum = (float) StrictMath.log(sum);
      OffHeap.setFloat(rowLoss + r * Float.BYTES, logSum - labelled);
    }
  }

  abstract float max(long x, long columns);

  abstract float softmax(long x, long y, long columns, float max);

  private static final class Vector extends SoftmaxCrossEntropy {
    @Override
    float max(final long x, final long columns) {
      return SoftmaxRow.Vector.max(x, columns);
    }

    @Override
    float softmax(final long x, final long y, final long columns, final float max) {
      return SoftmaxRow.Vector.run(x, y, columns, max);
    }
  }

  private static final class Scalar extends SoftmaxCrossEntropy {
    @Override
    float max(final long x, final long columns) {
      return SoftmaxRow.Scalar.max(x, columns);
    }

    @Override
    float softmax(final long x, final long y, final long columns, final float max) {
      return SoftmaxRow.Scalar.run(x, y, columns, max);
    }
  }
}
