package dev.gradus.kernel;

import dev.gradus.memory.OffHeap;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@code rowLoss[r] = sum over c of (prediction[r,c] - target[r,c])^2}, in the order of {@link
 * Lanes}.
 */
public abstract class SquaredError {
  private SquaredError() {}

  public static SquaredError of(final KernelMode mode) {
    return mode == KernelMode.VECTOR ? new Vector() : new Scalar();
  }

  /**
   * Writes each row's error.
   *
   * @param prediction (rows, columns).
   * @param target (rows, columns).
   * @param rowLoss (rows), overlapping neither.
   */
  public final void run(
      final long prediction,
      final long target,
      final long rowLoss,
      final long rows,
      final long columns) {
    final long rowBytes = columns * Float.BYTES;
    for (long r = 0; r < rows; r++) {
      final float error = row(prediction + r * rowBytes, target + r * rowBytes, columns);
      OffHeap.setFloat(rowLoss + r * Float.BYTES, error);
    }
  }

  abstract float row(long prediction, long target, long columns);

  private static float term(final long prediction, final long target, final long i) {
    final float difference =
        OffHeap.getFloat(prediction + i * Float.BYTES) - OffHeap.getFloat(target + i * Float.BYTES);
    return difference * difference;
  }

  private static final class Vector extends SquaredError {
    private static final VectorSpecies<Float> F = Lanes.F;
    private static final MemorySegment ALL = OffHeap.ALL;
    private static final ByteOrder ORDER = Lanes.ORDER;

    @Override
    float row(final long prediction, final long target, final long columns) {
      final long whole = columns & -Lanes.SUMS;
      float sum = 0f;
      if (whole > 0) {
        FloatVector first = FloatVector.zero(F);
        FloatVector second = FloatVector.zero(F);
        for (long i = 0; i < whole; i += Lanes.SUMS) {
          final FloatVector d =
              FloatVector.fromMemorySegment(F, ALL, prediction + i * Float.BYTES, ORDER)
                  .sub(FloatVector.fromMemorySegment(F, ALL, target + i * Float.BYTES, ORDER));
          first = first.add(d.mul(d));
          if (Lanes.TWO_VECTORS) {
            final long next = i + Lanes.COUNT;
            final FloatVector e =
                FloatVector.fromMemorySegment(F, ALL, prediction + next * Float.BYTES, ORDER)
                    .sub(FloatVector.fromMemorySegment(F, ALL, target + next * Float.BYTES, ORDER));
            second = second.add(e.mul(e));
          }
        }
        FloatVector s = first.add(Lanes.TWO_VECTORS ? second : first.rearrange(Lanes.BY_8));
        s = s.add(s.rearrange(Lanes.BY_4));
        s = s.add(s.rearrange(Lanes.BY_2));
        s = s.add(s.rearrange(Lanes.BY_1));
        sum = s.lane(0);
      }
      for (long i = whole; i < columns; i++) {
        sum += term(prediction, target, i);
      }
      return sum;
    }
  }

  private static final class Scalar extends SquaredError {
    @Override
    float row(final long prediction, final long target, final long columns) {
      final long whole = columns & -Lanes.SUMS;
      float sum =
          (quarter(prediction, target, whole, 0) + quarter(prediction, target, whole, 2))
              + (quarter(prediction, target, whole, 1) + quarter(prediction, target, whole, 3));
      for (long i = whole; i < columns; i++) {
        sum += term(prediction, target, i);
      }
      return sum;
    }

    /**
     * Running sums {@code lane}, {@code lane + 4}, {@code lane + 8}, {@code lane + 12}, added up.
     */
    private static float quarter(
        final long prediction, final long target, final long count, final int lane) {
      float s0 = 0f;
      float s4 = 0f;
      float s8 = 0f;
      float s12 = 0f;
      for (long i = lane; i < count; i += Lanes.SUMS) {
        s0 += term(prediction, target, i);
        s4 += term(prediction, target, i + 4);
        s8 += term(prediction, target, i + 8);
        s12 += term(prediction, target, i + 12);
      }
      return (s0 + s8) + (s4 + s12);
    }
  }
}
