package dev.gradus.kernel;

import dev.gradus.memory.OffHeap;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

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
    @Override
    float row(final long prediction, final long target, final long columns) {
      final long bytes = columns * Float.BYTES;
      final long whole = Lanes.wholeBlocks(bytes);
      FloatVector first = Lanes.zero();
      FloatVector second = Lanes.zero();
      for (long o = 0; o < whole; o += Lanes.BLOCK_BYTES) {
        first = first.add(term(Lanes.load(prediction + o), Lanes.load(target + o)));
        if (Lanes.HALVES) {
          final long next = o + Lanes.BYTES;
          second = second.add(term(Lanes.load(prediction + next), Lanes.load(target + next)));
        }
      }
      if (whole < bytes) {
        final VectorMask<Float> tail = Lanes.first(bytes - whole);
        first =
            first.add(term(Lanes.load(prediction + whole, tail), Lanes.load(target + whole, tail)));
        if (Lanes.HALVES && whole + Lanes.BYTES < bytes) {
          final long next = whole + Lanes.BYTES;
          final VectorMask<Float> nextTail = Lanes.first(bytes - next);
          second =
              second.add(
                  term(
                      Lanes.load(prediction + next, nextTail),
                      Lanes.load(target + next, nextTail)));
        }
      }
      return Lanes.sum(first, second);
    }

    private static FloatVector term(final FloatVector prediction, final FloatVector target) {
      final FloatVector difference = prediction.sub(target);
      return difference.mul(difference);
    }
  }

  private static final class Scalar extends SquaredError {
    @Override
    float row(final long prediction, final long target, final long columns) {
      final long bytes = columns * Float.BYTES;
      return (quarter(prediction, target, bytes, 0) + quarter(prediction, target, bytes, 2))
          + (quarter(prediction, target, bytes, 1) + quarter(prediction, target, bytes, 3));
    }

    /**
     * Running sums {@code lane}, {@code lane + 4}, {@code lane + 8} and {@code lane + 12}, added
     * up.
     */
    private static float quarter(
        final long prediction, final long target, final long bytes, final int lane) {
      float s0 = 0f;
      float s4 = 0f;
      float s8 = 0f;
      float s12 = 0f;
      for (long o = 4L * lane; o < bytes; o += Lanes.BLOCK_BYTES) {
        s0 += term(prediction + o, target + o);
        s4 += o + 16 < bytes ? term(prediction + o + 16, target + o + 16) : 0f;
        s8 += o + 32 < bytes ? term(prediction + o + 32, target + o + 32) : 0f;
        s12 += o + 48 < bytes ? term(prediction + o + 48, target + o + 48) : 0f;
      }
      return (s0 + s8) + (s4 + s12);
    }

    private static float term(final long prediction, final long target) {
      final float difference = OffHeap.getFloat(prediction) - OffHeap.getFloat(target);
      return difference * difference;
    }
  }
}
