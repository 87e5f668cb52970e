package dev.gradus.kernel;

import dev.gradus.memory.OffHeap;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * What normalisation does column by column, for a range of the columns of (rows, columns). Every
 * sum goes down its column from the first row to the last. Vectors of a value for each column are
 * (columns), of which only the range is read or written.
 */
public abstract class StandardizeColumns {
  private StandardizeColumns() {}

  public static StandardizeColumns of(final KernelMode mode) {
    return mode == KernelMode.VECTOR ? new Vector() : new Scalar();
  }

  /** {@code mean = sum of x / rows} and {@code variance = sum of (x - mean)^2 / rows}. */
  public abstract void moments(
      long x, long rows, long columns, long from, long to, long mean, long variance);

  /** {@code y = (x - mean) * factor + shift}; y may be x. */
  public abstract void run(
      long x,
      long rows,
      long columns,
      long from,
      long to,
      long mean,
      long factor,
      long shift,
      long y);

  /** {@code sum = sum of dY} and {@code dot = sum of (x - mean) * dY}. */
  public abstract void sums(
      long dY, long x, long rows, long columns, long from, long to, long mean, long sum, long dot);

  /** {@code dX = dY * factor - (x - mean) * slope - offset}; dX may be dY or x. */
  public abstract void gradient(
      long dY,
      long x,
      long rows,
      long columns,
      long from,
      long to,
      long mean,
      long factor,
      long slope,
      long offset,
      long dX);

  /**
   * {@code sum = sum of dY} and {@code dot = sum of (x - mean) * factor * dY}, mean and factor of
   * each row.
   *
   * @param rowBytes distance from a row's mean to the next, and from factor to factor.
   */
  public abstract void sumsByRow(
      long dY,
      long x,
      long rows,
      long columns,
      long from,
      long to,
      long mean,
      long factor,
      long rowBytes,
      long sum,
      long dot);

  private static final class Vector extends StandardizeColumns {
    private static final VectorSpecies<Float> F = Lanes.F;
    private static final MemorySegment ALL = OffHeap.ALL;
    private static final ByteOrder ORDER = Lanes.ORDER;

    private final Scalar rest = new Scalar();

    private static long whole(final long from, final long to) {
      return from + F.loopBound(to - from);
    }

    @Override
    public void moments(
        final long x,
        final long rows,
        final long columns,
        final long from,
        final long to,
        final long mean,
        final long variance) {
      final long stride = columns * Float.BYTES;
      final long whole = whole(from, to);
      for (long c = from; c < whole; c += Lanes.COUNT) {
        final long first = x + c * Float.BYTES;
        final long end = first + rows * stride;
        FloatVector sum = FloatVector.zero(F);
        for (long at = first; at < end; at += stride) {
          sum = sum.add(FloatVector.fromMemorySegment(F, ALL, at, ORDER));
        }
        final FloatVector m = sum.div((float) rows);
        FloatVector squares = FloatVector.zero(F);
        for (long at = first; at < end; at += stride) {
          final FloatVector v = FloatVector.fromMemorySegment(F, ALL, at, ORDER).sub(m);
          squares = squares.add(v.mul(v));
        }
        m.intoMemorySegment(ALL, mean + c * Float.BYTES, ORDER);
        squares.div((float) rows).intoMemorySegment(ALL, variance + c * Float.BYTES, ORDER);
      }
      rest.moments(x, rows, columns, whole, to, mean, variance);
    }

    @Override
    public void run(
        final long x,
        final long rows,
        final long columns,
        final long from,
        final long to,
        final long mean,
        final long factor,
        final long shift,
        final long y) {
      final long stride = columns * Float.BYTES;
      final long whole = whole(from, to);
      for (long c = from; c < whole; c += Lanes.COUNT) {
        final long o = c * Float.BYTES;
        final FloatVector m = FloatVector.fromMemorySegment(F, ALL, mean + o, ORDER);
        final FloatVector f = FloatVector.fromMemorySegment(F, ALL, factor + o, ORDER);
        final FloatVector s = FloatVector.fromMemorySegment(F, ALL, shift + o, ORDER);
        for (long at = o; at < o + rows * stride; at += stride) {
          FloatVector.fromMemorySegment(F, ALL, x + at, ORDER)
              .sub(m)
              .mul(f)
              .add(s)
              .intoMemorySegment(ALL, y + at, ORDER);
        }
      }
      rest.run(x, rows, columns, whole, to, mean, factor, shift, y);
    }

    @Override
    public void sums(
        final long dY,
        final long x,
        final long rows,
        final long columns,
        final long from,
        final long to,
        final long mean,
        final long sum,
        final long dot) {
      final long stride = columns * Float.BYTES;
      final long whole = whole(from, to);
      for (long c = from; c < whole; c += Lanes.COUNT) {
        final long o = c * Float.BYTES;
        final FloatVector m = FloatVector.fromMemorySegment(F, ALL, mean + o, ORDER);
        FloatVector s = FloatVector.zero(F);
        FloatVector d = FloatVector.zero(F);
        for (long at = o; at < o + rows * stride; at += stride) {
          final FloatVector g = FloatVector.fromMemorySegment(F, ALL, dY + at, ORDER);
          s = s.add(g);
          d = d.add(FloatVector.fromMemorySegment(F, ALL, x + at, ORDER).sub(m).mul(g));
        }
        s.intoMemorySegment(ALL, sum + o, ORDER);
        d.intoMemorySegment(ALL, dot + o, ORDER);
      }
      rest.sums(dY, x, rows, columns, whole, to, mean, sum, dot);
    }

    @Override
    public void gradient(
        final long dY,
        final long x,
        final long rows,
        final long columns,
        final long from,
        final long to,
        final long mean,
        final long factor,
        final long slope,
        final long offset,
        final long dX) {
      final long stride = columns * Float.BYTES;
      final long whole = whole(from, to);
      for (long c = from; c < whole; c += Lanes.COUNT) {
        final long o = c * Float.BYTES;
        final FloatVector m = FloatVector.fromMemorySegment(F, ALL, mean + o, ORDER);
        final FloatVector f = FloatVector.fromMemorySegment(F, ALL, factor + o, ORDER);
        final FloatVector b = FloatVector.fromMemorySegment(F, ALL, slope + o, ORDER);
        final FloatVector d = FloatVector.fromMemorySegment(F, ALL, offset + o, ORDER);
        for (long at = o; at < o + rows * stride; at += stride) {
          FloatVector.fromMemorySegment(F, ALL, dY + at, ORDER)
              .mul(f)
              .sub(FloatVector.fromMemorySegment(F, ALL, x + at, ORDER).sub(m).mul(b))
              .sub(d)
              .intoMemorySegment(ALL, dX + at, ORDER);
        }
      }
      rest.gradient(dY, x, rows, columns, whole, to, mean, factor, slope, offset, dX);
    }

    @Override
    public void sumsByRow(
        final long dY,
        final long x,
        final long rows,
        final long columns,
        final long from,
        final long to,
        final long mean,
        final long factor,
        final long rowBytes,
        final long sum,
        final long dot) {
      final long stride = columns * Float.BYTES;
      final long whole = whole(from, to);
      for (long c = from; c < whole; c += Lanes.COUNT) {
        final long o = c * Float.BYTES;
        FloatVector s = FloatVector.zero(F);
        FloatVector d = FloatVector.zero(F);
        for (long row = 0; row < rows; row++) {
          final long at = o + row * stride;
          final FloatVector g = FloatVector.fromMemorySegment(F, ALL, dY + at, ORDER);
          s = s.add(g);
          d =
              d.add(
                  FloatVector.fromMemorySegment(F, ALL, x + at, ORDER)
                      .sub(OffHeap.getFloat(mean + row * rowBytes))
                      .mul(OffHeap.getFloat(factor + row * rowBytes))
                      .mul(g));
        }
        s.intoMemorySegment(ALL, sum + o, ORDER);
        d.intoMemorySegment(ALL, dot + o, ORDER);
      }
      rest.sumsByRow(dY, x, rows, columns, whole, to, mean, factor, rowBytes, sum, dot);
    }
  }

  private static final class Scalar extends StandardizeColumns {
    @Override
    public void moments(
        final long x,
        final long rows,
        final long columns,
        final long from,
        final long to,
        final long mean,
        final long variance) {
      final long stride = columns * Float.BYTES;
      for (long c = from; c < to; c++) {
        final long first = x + c * Float.BYTES;
        final long end = first + rows * stride;
        float sum = 0f;
        for (long at = first; at < end; at += stride) {
          sum += OffHeap.getFloat(at);
        }
        final float m = sum / (float) rows;
        float squares = 0f;
        for (long at = first; at < end; at += stride) {
          final float v = OffHeap.getFloat(at) - m;
          squares += v * v;
        }
        OffHeap.setFloat(mean + c * Float.BYTES, m);
        OffHeap.setFloat(variance + c * Float.BYTES, squares / (float) rows);
      }
    }

    @Override
    public void run(
        final long x,
        final long rows,
        final long columns,
        final long from,
        final long to,
        final long mean,
        final long factor,
        final long shift,
        final long y) {
      final long stride = columns * Float.BYTES;
      for (long o = from * Float.BYTES; o < to * Float.BYTES; o += Float.BYTES) {
        final float m = OffHeap.getFloat(mean + o);
        final float f = OffHeap.getFloat(factor + o);
        final float s = OffHeap.getFloat(shift + o);
        for (long at = o; at < o + rows * stride; at += stride) {
          OffHeap.setFloat(y + at, (OffHeap.getFloat(x + at) - m) * f + s);
        }
      }
    }

    @Override
    public void sums(
        final long dY,
        final long x,
        final long rows,
        final long columns,
        final long from,
        final long to,
        final long mean,
        final long sum,
        final long dot) {
      final long stride = columns * Float.BYTES;
      for (long o = from * Float.BYTES; o < to * Float.BYTES; o += Float.BYTES) {
        final float m = OffHeap.getFloat(mean + o);
        float s = 0f;
        float d = 0f;
        for (long at = o; at < o + rows * stride; at += stride) {
          final float g = OffHeap.getFloat(dY + at);
          s += g;
          d += (OffHeap.getFloat(x + at) - m) * g;
        }
        OffHeap.setFloat(sum + o, s);
        OffHeap.setFloat(dot + o, d);
      }
    }

    @Override
    public void gradient(
        final long dY,
        final long x,
        final long rows,
        final long columns,
        final long from,
        final long to,
        final long mean,
        final long factor,
        final long slope,
        final long offset,
        final long dX) {
      final long stride = columns * Float.BYTES;
      for (long o = from * Float.BYTES; o < to * Float.BYTES; o += Float.BYTES) {
        final float m = OffHeap.getFloat(mean + o);
        final float f = OffHeap.getFloat(factor + o);
        final float b = OffHeap.getFloat(slope + o);
        final float d = OffHeap.getFloat(offset + o);
        for (long at = o; at < o + rows * stride; at += stride) {
          final float back = (OffHeap.getFloat(x + at) - m) * b;
          OffHeap.setFloat(dX + at, OffHeap.getFloat(dY + at) * f - back - d);
        }
      }
    }

    @Override
    public void sumsByRow(
        final long dY,
        final long x,
        final long rows,
        final long columns,
        final long from,
        final long to,
        final long mean,
        final long factor,
        final long rowBytes,
        final long sum,
        final long dot) {
      final long stride = columns * Float.BYTES;
      for (long o = from * Float.BYTES; o < to * Float.BYTES; o += Float.BYTES) {
        float s = 0f;
        float d = 0f;
        for (long row = 0; row < rows; row++) {
          final long at = o + row * stride;
          final float g = OffHeap.getFloat(dY + at);
          s += g;
          final float centred = OffHeap.getFloat(x + at) - OffHeap.getFloat(mean + row * rowBytes);
          d += centred * OffHeap.getFloat(factor + row * rowBytes) * g;
        }
        OffHeap.setFloat(sum + o, s);
        OffHeap.setFloat(dot + o, d);
      }
    }
  }
}
