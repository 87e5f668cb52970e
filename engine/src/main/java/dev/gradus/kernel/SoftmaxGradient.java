package dev.gradus.kernel;

import dev.gradus.memory.OffHeap;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * The gradient of {@link Softmax} from its output: {@code dX[r,c] = y[r,c] * (dY[r,c] - sum over k
 * of dY[r,k] * y[r,k])}, the sum in the tree of {@link Lanes}.
 */
public abstract class SoftmaxGradient {
  private SoftmaxGradient() {}

  public static SoftmaxGradient of(final KernelMode mode) {
    return mode == KernelMode.VECTOR ? new Vector() : new Scalar();
  }

  /**
   * Writes the gradient.
   *
   * @param y (rows, columns).
   * @param dY (rows, columns).
   * @param dX (rows, columns); may be {@code y} or {@code dY}.
   */
  public final void run(
      final long y, final long dY, final long dX, final long rows, final long columns) {
    final long rowBytes = columns * Float.BYTES;
    for (long r = 0; r < rows; r++) {
      final long o = r * rowBytes;
      gradient(y + o, dY + o, dX + o, columns, dot(y + o, dY + o, columns));
    }
  }

  abstract float dot(long y, long dY, long columns);

  abstract void gradient(long y, long dY, long dX, long columns, float dot);

  private static final class Vector extends SoftmaxGradient {
    @Override
    float dot(final long y, final long dY, final long columns) {
      final long bytes = columns * Float.BYTES;
      final long whole = Lanes.wholeBlocks(bytes);
      FloatVector first = Lanes.zero();
      FloatVector second = Lanes.zero();
      for (long o = 0; o < whole; o += Lanes.BLOCK_BYTES) {
        first = first.add(term(Lanes.load(y + o), Lanes.load(dY + o)));
        if (Lanes.HALVES) {
          final long next = o + Lanes.BYTES;
          second = second.add(term(Lanes.load(y + next), Lanes.load(dY + next)));
        }
      }
      if (whole < bytes) {
        final VectorMask<Float> tail = Lanes.first(bytes - whole);
        first = first.add(term(Lanes.load(y + whole, tail), Lanes.load(dY + whole, tail)));
        if (Lanes.HALVES && whole + Lanes.BYTES < bytes) {
          final long next = whole + Lanes.BYTES;
          final VectorMask<Float> nextTail = Lanes.first(bytes - next);
          second =
              second.add(term(Lanes.load(y + next, nextTail), Lanes.load(dY + next, nextTail)));
        }
      }
      return Lanes.sum(first, second);
    }

    private static FloatVector term(final FloatVector y, final FloatVector dY) {
      return y.mul(dY);
    }

    @Override
    void gradient(final long y, final long dY, final long dX, final long columns, final float dot) {
      final long bytes = columns * Float.BYTES;
      final long whole = Lanes.whole(bytes);
      for (long o = 0; o < whole; o += Lanes.BYTES) {
        Lanes.store(Lanes.load(y + o).mul(Lanes.load(dY + o).sub(dot)), dX + o);
      }
      if (whole < bytes) {
        final VectorMask<Float> tail = Lanes.first(bytes - whole);
        final FloatVector difference = Lanes.load(dY + whole, tail).sub(dot);
        Lanes.store(Lanes.load(y + whole, tail).mul(difference), dX + whole, tail);
      }
    }
  }

  private static final class Scalar extends SoftmaxGradient {
    @Override
    float dot(final long y, final long dY, final long columns) {
      final long bytes = columns * Float.BYTES;
      return (quarter(y, dY, bytes, 0) + quarter(y, dY, bytes, 2))
          + (quarter(y, dY, bytes, 1) + quarter(y, dY, bytes, 3));
    }

    /**
     * Running sums {@code lane}, {@code lane + 4}, {@code lane + 8} and {@code lane + 12}, added
     * up.
     */
    private static float quarter(final long y, final long dY, final long bytes, final int lane) {
      float s0 = 0f;
      float s4 = 0f;
      float s8 = 0f;
      float s12 = 0f;
      for (long o = 4L * lane; o < bytes; o += Lanes.BLOCK_BYTES) {
        s0 += term(y + o, dY + o);
        s4 += o + 16 < bytes ? term(y + o + 16, dY + o + 16) : 0f;
        s8 += o + 32 < bytes ? term(y + o + 32, dY + o + 32) : 0f;
        s12 += o + 48 < bytes ? term(y + o + 48, dY + o + 48) : 0f;
      }
      return (s0 + s8) + (s4 + s12);
    }

    private static float term(final long y, final long dY) {
      return OffHeap.getFloat(y) * OffHeap.getFloat(dY);
    }

    @Override
    void gradient(final long y, final long dY, final long dX, final long columns, final float dot) {
      final long bytes = columns * Float.BYTES;
      for (long o = 0; o < bytes; o += Float.BYTES) {
        OffHeap.setFloat(dX + o, OffHeap.getFloat(y + o) * (OffHeap.getFloat(dY + o) - dot));
      }
    }
  }
}
