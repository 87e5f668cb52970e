package dev.gradus.kernel;

import dev.gradus.memory.OffHeap;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/**
 * The gradient of {@link Softmax} from its output: {@code dX[r,c] = y[r,c] * (dY[r,c] - sum over k
 * of dY[r,k] * y[r,k])}, the sum in the order of {@link Lanes}.
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

  private static float term(final long y, final long dY, final long i) {
    return OffHeap.getFloat(y + i * Float.BYTES) * OffHeap.getFloat(dY + i * Float.BYTES);
  }

  abstract void gradient(long y, long dY, long dX, long count, float dot);

  private static final class Vector extends SoftmaxGradient {
    private static final VectorSpecies<Float> F = Lanes.F;
    private static final MemorySegment ALL = OffHeap.ALL;
    private static final ByteOrder ORDER = Lanes.ORDER;

    @Override
    float dot(final long y, final long dY, final long columns) {
      final long whole = columns & -Lanes.SUMS;
      float sum = 0f;
      if (whole > 0) {
        FloatVector first = FloatVector.zero(F);
        FloatVector second = FloatVector.zero(F);
        for (long i = 0; i < whole; i += Lanes.SUMS) {
          first =
              first.add(
                  FloatVector.fromMemorySegment(F, ALL, y + i * Float.BYTES, ORDER)
                      .mul(FloatVector.fromMemorySegment(F, ALL, dY + i * Float.BYTES, ORDER)));
          if (Lanes.TWO_VECTORS) {
            final long next = i + Lanes.COUNT;
            second =
                second.add(
                    FloatVector.fromMemorySegment(F, ALL, y + next * Float.BYTES, ORDER)
                        .mul(
                            FloatVector.fromMemorySegment(F, ALL, dY + next * Float.BYTES, ORDER)));
          }
        }
        FloatVector s = first.add(Lanes.TWO_VECTORS ? second : first.rearrange(Lanes.BY_8));
        s = s.add(s.rearrange(Lanes.BY_4));
        s = s.add(s.rearrange(Lanes.BY_2));
        s = s.add(s.rearrange(Lanes.BY_1));
        sum = s.lane(0);
      }
      for (long i = whole; i < columns; i++) {
        sum += term(y, dY, i);
      }
      return sum;
    }

    @Override
    void gradient(final long y, final long dY, final long dX, final long count, final float dot) {
      final long whole = F.loopBound(count);
      for (long i = 0; i < whole; i += Lanes.COUNT) {
        final FloatVector output =
            FloatVector.fromMemorySegment(F, ALL, y + i * Float.BYTES, ORDER);
        final FloatVector gradient =
            FloatVector.fromMemorySegment(F, ALL, dY + i * Float.BYTES, ORDER);
        output.mul(gradient.sub(dot)).intoMemorySegment(ALL, dX + i * Float.BYTES, ORDER);
      }
      if (whole < count) {
        final VectorMask<Float> tail = F.indexInRange(whole, count);
        final FloatVector output =
            FloatVector.fromMemorySegment(F, ALL, y + whole * Float.BYTES, ORDER, tail);
        final FloatVector gradient =
            FloatVector.fromMemorySegment(F, ALL, dY + whole * Float.BYTES, ORDER, tail);
        output.mul(gradient.sub(dot)).intoMemorySegment(ALL, dX + whole * Float.BYTES, ORDER, tail);
      }
    }
  }

  private static final class Scalar extends SoftmaxGradient {
    @Override
    float dot(final long y, final long dY, final long columns) {
      final long whole = columns & -Lanes.SUMS;
      float sum =
          (quarter(y, dY, whole, 0) + quarter(y, dY, whole, 2))
              + (quarter(y, dY, whole, 1) + quarter(y, dY, whole, 3));
      for (long i = whole; i < columns; i++) {
        sum += term(y, dY, i);
      }
      return sum;
    }

    /**
     * Running sums {@code lane}, {@code lane + 4}, {@code lane + 8}, {@code lane + 12}, added up.
     */
    private static float quarter(final long y, final long dY, final long count, final int lane) {
      float s0 = 0f;
      float s4 = 0f;
      float s8 = 0f;
      float s12 = 0f;
      for (long i = lane; i < count; i += Lanes.SUMS) {
        s0 += term(y, dY, i);
        s4 += term(y, dY, i + 4);
        s8 += term(y, dY, i + 8);
        s12 += term(y, dY, i + 12);
      }
      return (s0 + s8) + (s4 + s12);
    }

    @Override
    void gradient(final long y, final long dY, final long dX, final long count, final float dot) {
      for (long i = 0; i < count; i++) {
        OffHeap.setFloat(
            dX + i * Float.BYTES,
            OffHeap.getFloat(y + i * Float.BYTES) * (OffHeap.getFloat(dY + i * Float.BYTES) - dot));
      }
    }
  }
}
