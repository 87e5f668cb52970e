package dev.gradus.kernel;

import dev.gradus.memory.OffHeap;
import jdk.incubator.vector.VectorMask;

/** {@code dLogits[r,c] = (probabilities[r,c] - (c == label[r] ? 1 : 0)) * factor}. */
public abstract class SoftmaxCrossEntropyGradient {
  private SoftmaxCrossEntropyGradient() {}

  public static SoftmaxCrossEntropyGradient of(final KernelMode mode) {
    return mode == KernelMode.VECTOR ? new Vector() : new Scalar();
  }

  /**
   * Writes the gradient.
   *
   * @param probabilities (rows, columns).
   * @param labels int32 (rows), each from 0 to columns - 1.
   * @param dLogits (rows, columns); may be {@code probabilities}.
   * @param factor the gradient of the loss divided by what it is a mean over.
   */
  public final void run(
      final long probabilities,
      final long labels,
      final long dLogits,
      final long rows,
      final long columns,
      final float factor) {
    final long rowBytes = columns * Float.BYTES;
    for (long r = 0; r < rows; r++) {
      final long p = probabilities + r * rowBytes;
      final long d = dLogits + r * rowBytes;
      final long labelled = (long) OffHeap.getInt(labels + r * Integer.BYTES) * Float.BYTES;
      // Read before the row may overwrite it.
      final float probability = OffHeap.getFloat(p + labelled);
      scale(p, d, columns, factor);
      OffHeap.setFloat(d + labelled, (probability - 1f) * factor);
    }
  }

  abstract void scale(long p, long d, long columns, float factor);

  private static final class Vector extends SoftmaxCrossEntropyGradient {
    @Override
    void scale(final long p, final long d, final long columns, final float factor) {
      final long bytes = columns * Float.BYTES;
      final long whole = Lanes.whole(bytes);
      for (long o = 0; o < whole; o += Lanes.BYTES) {
        Lanes.store(Lanes.load(p + o).mul(factor), d + o);
      }
      if (whole < bytes) {
        final VectorMask<Float> tail = Lanes.first(bytes - whole);
        Lanes.store(Lanes.load(p + whole, tail).mul(factor), d + whole, tail);
      }
    }
  }

  private static final class Scalar extends SoftmaxCrossEntropyGradient {
    @Override
    void scale(final long p, final long d, final long columns, final float factor) {
      final long bytes = columns * Float.BYTES;
      for (long o = 0; o < bytes; o += Float.BYTES) {
        OffHeap.setFloat(d + o, OffHeap.getFloat(p + o) * factor);
      }
    }
  }
}
