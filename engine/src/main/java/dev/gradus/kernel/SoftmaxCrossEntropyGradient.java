package dev.gradus.kernel;

import dev.gradus.memory.OffHeap;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/** {@code dLogits[r,c] = (probabilities[r,c] - (c == label[r] ? 1 : 0)) * dRows[r]}. */
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
   * @param dRows (rows), the gradient with respect to each row's loss.
   * @param dLogits (rows, columns); may be {@code probabilities}.
   */
  public final void run(
      final long probabilities,
      final long labels,
      final long dRows,
      final long dLogits,
      final long rows,
      final long columns) {
    final long rowBytes = columns * Float.BYTES;
    for (long r = 0; r < rows; r++) {
      final long p = probabilities + r * rowBytes;
      final long d = dLogits + r * rowBytes;
      final float factor = OffHeap.getFloat(dRows + r * Float.BYTES);
      final long labelled = (long) OffHeap.getInt(labels + r * Integer.BYTES) * Float.BYTES;
      // Read before the row may overwrite it.
      final float probability = OffHeap.getFloat(p + labelled);
      scale(p, d, columns, factor);
      OffHeap.setFloat(d + labelled, (probability - 1f) * factor);
    }
  }

  abstract void scale(long p, long d, long count, float factor);

  private static final class Vector extends SoftmaxCrossEntropyGradient {
    private static final VectorSpecies<Float> F = Lanes.F;
    private static final MemorySegment ALL = OffHeap.ALL;
    private static final ByteOrder ORDER = Lanes.ORDER;

    @Override
    void scale(final long p, final long d, final long count, final float factor) {
      final long whole = F.loopBound(count);
      for (long i = 0; i < whole; i += Lanes.COUNT) {
        final FloatVector v = FloatVector.fromMemorySegment(F, ALL, p + i * Float.BYTES, ORDER);
        v.mul(factor).intoMemorySegment(ALL, d + i * Float.BYTES, ORDER);
      }
      if (whole < count) {
        final VectorMask<Float> tail = F.indexInRange(whole, count);
        final FloatVector v =
            FloatVector.fromMemorySegment(F, ALL, p + whole * Float.BYTES, ORDER, tail);
        v.mul(factor).intoMemorySegment(ALL, d + whole * Float.BYTES, ORDER, tail);
      }
    }
  }

  private static final class Scalar extends SoftmaxCrossEntropyGradient {
    @Override
    void scale(final long p, final long d, final long count, final float factor) {
      for (long i = 0; i < count; i++) {
        OffHeap.setFloat(d + i * Float.BYTES, OffHeap.getFloat(p + i * Float.BYTES) * factor);
      }
    }
  }
}
