package dev.gradus.kernel;

import dev.gradus.memory.OffHeap;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@code rowLoss[r] = sum over c of (prediction[r,c] - target[r,c])^2}, in the tree of {@link
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

  private static final class Vector extends SquaredError {
    private static final VectorSpecies<Float> F = Lanes.F;
    private static final MemorySegment ALL = OffHeap.ALL;
    private static final ByteOrder ORDER = Lanes.ORDER;

    @Override
    float row(final long prediction, final long target, final long columns) {
      if (columns < Lanes.COUNT) {
        return Scalar.sum(prediction, target, columns);
      }
      FloatVector first = FloatVector.zero(F);
      FloatVector second = FloatVector.zero(F);
      final long whole = columns & -Lanes.SUMS;
      for (long i = 0; i < whole; i += Lanes.SUMS) {
        final FloatVector d =
            FloatVector.fromMemorySegment(F, ALL, prediction + i * Float.BYTES, ORDER)
                .sub(FloatVector.fromMemorySegment(F, ALL, target + i * Float.BYTES, ORDER));
        first = first.add(d.mul(d));
        if (Lanes.TWO_VECTORS) {
          final long next = i + Lanes.COUNT;
          final FloatVector d2 =
              FloatVector.fromMemorySegment(F, ALL, prediction + next * Float.BYTES, ORDER)
                  .sub(FloatVector.fromMemorySegment(F, ALL, target + next * Float.BYTES, ORDER));
          second = second.add(d2.mul(d2));
        }
      }
      if (whole < columns) {
        final FloatVector d =
            FloatVector.fromMemorySegment(
                    F, ALL, prediction + whole * Float.BYTES, ORDER, F.indexInRange(whole, columns))
                .sub(
                    FloatVector.fromMemorySegment(
                        F,
                        ALL,
                        target + whole * Float.BYTES,
                        ORDER,
                        F.indexInRange(whole, columns)));
        first = first.add(d.mul(d));
        if (Lanes.TWO_VECTORS) {
          final long next = whole + Lanes.COUNT;
          final FloatVector d2 =
              FloatVector.fromMemorySegment(
                      F, ALL, prediction + next * Float.BYTES, ORDER, F.indexInRange(next, columns))
                  .sub(
                      FloatVector.fromMemorySegment(
                          F,
                          ALL,
                          target + next * Float.BYTES,
                          ORDER,
                          F.indexInRange(next, columns)));
          second = second.add(d2.mul(d2));
        }
      }
      FloatVector s = first.add(Lanes.TWO_VECTORS ? second : first.rearrange(Lanes.BY_8));
      s = s.add(s.rearrange(Lanes.BY_4));
      s = s.add(s.rearrange(Lanes.BY_2));
      s = s.add(s.rearrange(Lanes.BY_1));
      return s.lane(0);
    }
  }

  private static final class Scalar extends SquaredError {
    @Override
    float row(final long prediction, final long target, final long columns) {
      return sum(prediction, target, columns);
    }

    static float sum(final long prediction, final long target, final long columns) {
      return (quarter(prediction, target, columns, 0) + quarter(prediction, target, columns, 2))
          + (quarter(prediction, target, columns, 1) + quarter(prediction, target, columns, 3));
    }

    /**
     * Running sums {@code lane}, {@code lane + 4}, {@code lane + 8} and {@code lane + 12}, added
     * up.
     */
    private static float quarter(
        final long prediction, final long target, final long columns, final int lane) {
      float s0 = 0f;
      float s4 = 0f;
      float s8 = 0f;
      float s12 = 0f;
      for (long i = lane; i < columns; i += Lanes.SUMS) {
        s0 += term(prediction, target, i);
        s4 += i + 4 < columns ? term(prediction, target, i + 4) : 0f;
        s8 += i + 8 < columns ? term(prediction, target, i + 8) : 0f;
        s12 += i + 12 < columns ? term(prediction, target, i + 12) : 0f;
      }
      return (s0 + s8) + (s4 + s12);
    }

    private static float term(final long prediction, final long target, final long i) {
      final float difference =
          OffHeap.getFloat(prediction + i * Float.BYTES)
              - OffHeap.getFloat(target + i * Float.BYTES);
      return difference * difference;
    }
  }
}
