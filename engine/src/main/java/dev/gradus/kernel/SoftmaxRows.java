package dev.gradus.kernel;

import dev.gradus.memory.OffHeap;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The passes of softmax over rows: subtract each row's maximum, take {@link Exp} of all rows at
 * once, divide each row by its {@link Sum}. Between the first two, {@code y[r,c]} is {@code x[r,c]
 * - max}.
 */
abstract class SoftmaxRows {
  /** Elements that the passes share while they are in the level-1 cache. */
  private static final long GROUP = 2048;

  /** From so many columns on a row goes through the passes by itself, see {@link #expAndMax}. */
  private static final long WIDE = 64;

  private SoftmaxRows() {}

  static SoftmaxRows of(final KernelMode mode) {
    return mode == KernelMode.VECTOR ? new Vector() : new Scalar();
  }

  static boolean isWide(final long columns) {
    return columns >= WIDE;
  }

  /** The rows to take through the passes together, 1 or more. */
  static long group(final long columns) {
    return Math.max(1, GROUP / columns);
  }

  /**
   * {@code y = x - max(x)} for one row; returns the maximum, for which NaN is passed over. {@code
   * y} may be {@code x}.
   */
  abstract float subtractMax(long x, long y, long columns);

  /** The maximum of a row, for which NaN is passed over. */
  abstract float max(long x, long columns);

  /**
   * {@code y = exp(x - max)} for one row; returns the maximum of another. So the next row comes
   * from memory while this one is computed. {@code y} may be {@code x}.
   *
   * @param next the other row, read only; what is returned means nothing where it is {@code y}.
   */
  abstract float expAndMax(long x, long y, long columns, float max, long next);

  /** {@code y = exp(y)}. */
  abstract void exp(long y, long count);

  /** {@code y = exp(x)}. {@code y} may be {@code x}. */
  abstract void exp(long x, long y, long count);

  /** A row's sum. */
  abstract float sum(long x, long columns);

  /** {@code y = y - log} for one row. */
  abstract void subtract(long y, long columns, float log);

  /** {@code dX = dY - dX * sum} for one row. */
  abstract void backward(long dY, long dX, long columns, float sum);

  /** Divides a row by its sum, as a product with the reciprocal, and returns the sum. */
  abstract float normalize(long y, long columns);

  private static final class Vector extends SoftmaxRows {
    private static final VectorSpecies<Float> F = Lanes.F;
    private static final MemorySegment ALL = OffHeap.ALL;
    private static final ByteOrder ORDER = Lanes.ORDER;

    @Override
    float max(final long x, final long columns) {
      final long whole = F.loopBound(columns);
      final VectorMask<Float> tail = F.indexInRange(whole, columns);
      FloatVector largest = FloatVector.broadcast(F, Float.NEGATIVE_INFINITY);
      // Compared and blended: x86's maximum treats NaN otherwise, and mending that costs more.
      for (long i = 0; i < whole; i += Lanes.COUNT) {
        final FloatVector v = FloatVector.fromMemorySegment(F, ALL, x + i * Float.BYTES, ORDER);
        largest = largest.blend(v, v.compare(VectorOperators.GT, largest));
      }
      if (whole < columns) {
        final FloatVector v =
            FloatVector.fromMemorySegment(F, ALL, x + whole * Float.BYTES, ORDER, tail);
        largest = largest.blend(v, v.compare(VectorOperators.GT, largest).and(tail));
      }
      return largest.reduceLanes(VectorOperators.MAX);
    }

    @Override
    float subtractMax(final long x, final long y, final long columns) {
      final float max = max(x, columns);
      final long whole = F.loopBound(columns);
      for (long i = 0; i < whole; i += Lanes.COUNT) {
        final FloatVector v = FloatVector.fromMemorySegment(F, ALL, x + i * Float.BYTES, ORDER);
        v.sub(max).intoMemorySegment(ALL, y + i * Float.BYTES, ORDER);
      }
      if (whole < columns) {
        final VectorMask<Float> tail = F.indexInRange(whole, columns);
        final FloatVector v =
            FloatVector.fromMemorySegment(F, ALL, x + whole * Float.BYTES, ORDER, tail);
        v.sub(max).intoMemorySegment(ALL, y + whole * Float.BYTES, ORDER, tail);
      }
      return max;
    }

    @Override
    float expAndMax(
        final long x, final long y, final long columns, final float max, final long next) {
      final long whole = F.loopBound(columns);
      FloatVector largest = FloatVector.broadcast(F, Float.NEGATIVE_INFINITY);
      for (long i = 0; i < whole; i += Lanes.COUNT) {
        final FloatVector other =
            FloatVector.fromMemorySegment(F, ALL, next + i * Float.BYTES, ORDER);
        largest = largest.blend(other, other.compare(VectorOperators.GT, largest));
        // As Exp.
        final FloatVector v =
            FloatVector.fromMemorySegment(F, ALL, x + i * Float.BYTES, ORDER).sub(max);
        final FloatVector c = v.blend(Exp.LOWEST, v.compare(VectorOperators.LT, Exp.LOWEST));
        final FloatVector biased =
            c.fma(FloatVector.broadcast(F, Exp.LOG2_E), FloatVector.broadcast(F, Exp.ROUND));
        final FloatVector n = biased.sub(Exp.ROUND);
        FloatVector r = n.fma(FloatVector.broadcast(F, -Exp.LN2_HIGH), c);
        r = n.fma(FloatVector.broadcast(F, -Exp.LN2_LOW), r);
        FloatVector p = r.fma(FloatVector.broadcast(F, Exp.C6), FloatVector.broadcast(F, Exp.C5));
        p = p.fma(r, FloatVector.broadcast(F, Exp.C4));
        p = p.fma(r, FloatVector.broadcast(F, Exp.C3));
        p = p.fma(r, FloatVector.broadcast(F, Exp.C2));
        p = p.fma(r, FloatVector.broadcast(F, 1f));
        p = p.fma(r, FloatVector.broadcast(F, 1f));
        final FloatVector scale =
            biased
                .reinterpretAsInts()
                .lanewise(VectorOperators.LSHL, Exp.EXPONENT_SHIFT)
                .reinterpretAsFloats();
        p.mul(scale).mul(Exp.BACK).intoMemorySegment(ALL, y + i * Float.BYTES, ORDER);
      }
      return Scalar.expAndMax(
          x, y, whole, columns, max, next, largest.reduceLanes(VectorOperators.MAX));
    }

    @Override
    void exp(final long y, final long count) {
      Exp.Vector.run(y, y, count);
    }

    @Override
    void exp(final long x, final long y, final long count) {
      Exp.Vector.run(x, y, count);
    }

    @Override
    float sum(final long x, final long columns) {
      return Sum.Vector.row(x, columns);
    }

    @Override
    void subtract(final long y, final long columns, final float log) {
      final long whole = F.loopBound(columns);
      for (long i = 0; i < whole; i += Lanes.COUNT) {
        final FloatVector v = FloatVector.fromMemorySegment(F, ALL, y + i * Float.BYTES, ORDER);
        v.sub(log).intoMemorySegment(ALL, y + i * Float.BYTES, ORDER);
      }
      for (long i = whole; i < columns; i++) {
        OffHeap.setFloat(y + i * Float.BYTES, OffHeap.getFloat(y + i * Float.BYTES) - log);
      }
    }

    @Override
    void backward(final long dY, final long dX, final long columns, final float sum) {
      final long whole = F.loopBound(columns);
      for (long i = 0; i < whole; i += Lanes.COUNT) {
        final FloatVector gradient =
            FloatVector.fromMemorySegment(F, ALL, dY + i * Float.BYTES, ORDER);
        final FloatVector p = FloatVector.fromMemorySegment(F, ALL, dX + i * Float.BYTES, ORDER);
        gradient.sub(p.mul(sum)).intoMemorySegment(ALL, dX + i * Float.BYTES, ORDER);
      }
      for (long i = whole; i < columns; i++) {
        OffHeap.setFloat(
            dX + i * Float.BYTES,
            OffHeap.getFloat(dY + i * Float.BYTES) - OffHeap.getFloat(dX + i * Float.BYTES) * sum);
      }
    }

    @Override
    float normalize(final long y, final long columns) {
      final float sum = Sum.Vector.row(y, columns);
      final float factor = 1f / sum;
      final long whole = F.loopBound(columns);
      for (long i = 0; i < whole; i += Lanes.COUNT) {
        final FloatVector v = FloatVector.fromMemorySegment(F, ALL, y + i * Float.BYTES, ORDER);
        v.mul(factor).intoMemorySegment(ALL, y + i * Float.BYTES, ORDER);
      }
      if (whole < columns) {
        final VectorMask<Float> tail = F.indexInRange(whole, columns);
        final FloatVector v =
            FloatVector.fromMemorySegment(F, ALL, y + whole * Float.BYTES, ORDER, tail);
        v.mul(factor).intoMemorySegment(ALL, y + whole * Float.BYTES, ORDER, tail);
      }
      return sum;
    }
  }

  private static final class Scalar extends SoftmaxRows {
    @Override
    float max(final long x, final long columns) {
      float max = Float.NEGATIVE_INFINITY;
      for (long i = 0; i < columns; i++) {
        final float v = OffHeap.getFloat(x + i * Float.BYTES);
        max = v > max ? v : max;
      }
      return max;
    }

    @Override
    float expAndMax(
        final long x, final long y, final long columns, final float max, final long next) {
      return expAndMax(x, y, 0, columns, max, next, Float.NEGATIVE_INFINITY);
    }

    /** Columns from {@code from} on; {@code largest} is the maximum of those before. */
    private static float expAndMax(
        final long x,
        final long y,
        final long from,
        final long columns,
        final float max,
        final long next,
        final float largest) {
      float result = largest;
      for (long i = from; i < columns; i++) {
        final float other = OffHeap.getFloat(next + i * Float.BYTES);
        result = other > result ? other : result;
        final float v = OffHeap.getFloat(x + i * Float.BYTES) - max;
        OffHeap.setFloat(y + i * Float.BYTES, Exp.of(v));
      }
      return result;
    }

    @Override
    float subtractMax(final long x, final long y, final long columns) {
      final float max = max(x, columns);
      for (long i = 0; i < columns; i++) {
        OffHeap.setFloat(y + i * Float.BYTES, OffHeap.getFloat(x + i * Float.BYTES) - max);
      }
      return max;
    }

    @Override
    void exp(final long y, final long count) {
      Exp.Scalar.run(y, y, count);
    }

    @Override
    void exp(final long x, final long y, final long count) {
      Exp.Scalar.run(x, y, count);
    }

    @Override
    float sum(final long x, final long columns) {
      return Sum.Scalar.row(x, columns);
    }

    @Override
    void subtract(final long y, final long columns, final float log) {
      for (long i = 0; i < columns; i++) {
        OffHeap.setFloat(y + i * Float.BYTES, OffHeap.getFloat(y + i * Float.BYTES) - log);
      }
    }

    @Override
    void backward(final long dY, final long dX, final long columns, final float sum) {
      for (long i = 0; i < columns; i++) {
        OffHeap.setFloat(
            dX + i * Float.BYTES,
            OffHeap.getFloat(dY + i * Float.BYTES) - OffHeap.getFloat(dX + i * Float.BYTES) * sum);
      }
    }

    @Override
    float normalize(final long y, final long columns) {
      final float sum = Sum.Scalar.row(y, columns);
      final float factor = 1f / sum;
      for (long i = 0; i < columns; i++) {
        OffHeap.setFloat(y + i * Float.BYTES, OffHeap.getFloat(y + i * Float.BYTES) * factor);
      }
      return sum;
    }
  }
}
