package dev.gradus.kernel;

import dev.gradus.memory.OffHeap;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Elementwise halves of normalisation over a stretch of memory that has one mean: {@code y = (x -
 * mean) * factor + shift} and the gradient, {@code dX = dY * factor - (x - mean) * slope - offset}.
 * Outputs may be any of the inputs.
 */
public abstract class Standardize {
  /** Of a longer stretch the rest comes in order, and by itself. */
  private static final long PAGE = 4096;

  private Standardize() {}

  public static Standardize of(final KernelMode mode) {
    return mode == KernelMode.VECTOR ? new Vector() : new Scalar();
  }

  /**
   * {@code y = (x - mean) * factor + shift} for several stretches, such as a channel's, that were
   * just read for their mean. Where they lie far apart, results' lines are brought into the cache
   * one stretch ahead: a core does not see those coming by itself.
   *
   * @param apart bytes from one stretch to the next, in x and in y.
   * @param count elements of a stretch.
   */
  public final void run(
      final long x,
      final float mean,
      final float factor,
      final float shift,
      final long y,
      final long stretches,
      final long apart,
      final long count) {
    final boolean far = stretches * apart > Prefetch.IN_CACHE;
    for (long stretch = 0; stretch < stretches; stretch++) {
      final long o = stretch * apart;
      if (far && stretch + 1 < stretches) {
        final long next = y + o + apart;
        prefetch(next, next + Math.min(count * Float.BYTES, PAGE));
      }
      run(x + o, mean, factor, shift, y + o, count);
    }
  }

  abstract void prefetch(long from, long to);

  /** {@code y = (x - mean) * factor + shift}. */
  public abstract void run(long x, float mean, float factor, float shift, long y, long count);

  /**
   * {@code y = (x - mean) * factor * scale + shift}.
   *
   * @param scale (count).
   * @param shift (count); 0 for none.
   */
  public final void run(
      final long x,
      final float mean,
      final float factor,
      final long scale,
      final long shift,
      final long y,
      final long count) {
    if (shift == 0) {
      scale(x, mean, factor, scale, y, count);
    } else {
      scaleAndShift(x, mean, factor, scale, shift, y, count);
    }
  }

  abstract void scale(long x, float mean, float factor, long scale, long y, long count);

  abstract void scaleAndShift(
      long x, float mean, float factor, long scale, long shift, long y, long count);

  /** {@code dX = dY * factor - (x - mean) * slope - offset}. */
  public abstract void gradient(
      long dY, float factor, long x, float mean, float slope, float offset, long dX, long count);

  /**
   * {@code dX = dY * factor * scale - (x - mean) * slope - offset}.
   *
   * @param scale (count).
   */
  public abstract void gradient(
      long dY,
      float factor,
      long scale,
      long x,
      float mean,
      float slope,
      float offset,
      long dX,
      long count);

  private static final class Vector extends Standardize {
    private static final VectorSpecies<Float> F = Lanes.F;
    private static final MemorySegment ALL = OffHeap.ALL;
    private static final ByteOrder ORDER = Lanes.ORDER;

    private final Scalar rest = new Scalar();

    @Override
    void prefetch(final long from, final long to) {
      Prefetch.lines(from, to);
    }

    @Override
    public void run(
        final long x,
        final float mean,
        final float factor,
        final float shift,
        final long y,
        final long count) {
      final long whole = F.loopBound(count) * Float.BYTES;
      for (long o = 0; o < whole; o += (long) Lanes.COUNT * Float.BYTES) {
        FloatVector.fromMemorySegment(F, ALL, x + o, ORDER)
            .sub(mean)
            .mul(factor)
            .add(shift)
            .intoMemorySegment(ALL, y + o, ORDER);
      }
      rest.run(x + whole, mean, factor, shift, y + whole, count - whole / Float.BYTES);
    }

    @Override
    void scale(
        final long x,
        final float mean,
        final float factor,
        final long scale,
        final long y,
        final long count) {
      final long whole = F.loopBound(count) * Float.BYTES;
      for (long o = 0; o < whole; o += (long) Lanes.COUNT * Float.BYTES) {
        FloatVector.fromMemorySegment(F, ALL, x + o, ORDER)
            .sub(mean)
            .mul(factor)
            .mul(FloatVector.fromMemorySegment(F, ALL, scale + o, ORDER))
            .intoMemorySegment(ALL, y + o, ORDER);
      }
      rest.scale(x + whole, mean, factor, scale + whole, y + whole, count - whole / Float.BYTES);
    }

    @Override
    void scaleAndShift(
        final long x,
        final float mean,
        final float factor,
        final long scale,
        final long shift,
        final long y,
        final long count) {
      final long whole = F.loopBound(count) * Float.BYTES;
      for (long o = 0; o < whole; o += (long) Lanes.COUNT * Float.BYTES) {
        FloatVector.fromMemorySegment(F, ALL, x + o, ORDER)
            .sub(mean)
            .mul(factor)
            .mul(FloatVector.fromMemorySegment(F, ALL, scale + o, ORDER))
            .add(FloatVector.fromMemorySegment(F, ALL, shift + o, ORDER))
            .intoMemorySegment(ALL, y + o, ORDER);
      }
      final long left = count - whole / Float.BYTES;
      rest.scaleAndShift(x + whole, mean, factor, scale + whole, shift + whole, y + whole, left);
    }

    @Override
    public void gradient(
        final long dY,
        final float factor,
        final long x,
        final float mean,
        final float slope,
        final float offset,
        final long dX,
        final long count) {
      final long whole = F.loopBound(count) * Float.BYTES;
      for (long o = 0; o < whole; o += (long) Lanes.COUNT * Float.BYTES) {
        FloatVector.fromMemorySegment(F, ALL, dY + o, ORDER)
            .mul(factor)
            .sub(FloatVector.fromMemorySegment(F, ALL, x + o, ORDER).sub(mean).mul(slope))
            .sub(offset)
            .intoMemorySegment(ALL, dX + o, ORDER);
      }
      final long left = count - whole / Float.BYTES;
      rest.gradient(dY + whole, factor, x + whole, mean, slope, offset, dX + whole, left);
    }

    @Override
    public void gradient(
        final long dY,
        final float factor,
        final long scale,
        final long x,
        final float mean,
        final float slope,
        final float offset,
        final long dX,
        final long count) {
      final long whole = F.loopBound(count) * Float.BYTES;
      for (long o = 0; o < whole; o += (long) Lanes.COUNT * Float.BYTES) {
        FloatVector.fromMemorySegment(F, ALL, dY + o, ORDER)
            .mul(factor)
            .mul(FloatVector.fromMemorySegment(F, ALL, scale + o, ORDER))
            .sub(FloatVector.fromMemorySegment(F, ALL, x + o, ORDER).sub(mean).mul(slope))
            .sub(offset)
            .intoMemorySegment(ALL, dX + o, ORDER);
      }
      rest.gradient(
          dY + whole,
          factor,
          scale + whole,
          x + whole,
          mean,
          slope,
          offset,
          dX + whole,
          count - whole / Float.BYTES);
    }
  }

  private static final class Scalar extends Standardize {
    @Override
    void prefetch(final long from, final long to) {
      // Prefetching takes vectors.
    }

    @Override
    public void run(
        final long x,
        final float mean,
        final float factor,
        final float shift,
        final long y,
        final long count) {
      for (long o = 0; o < count * Float.BYTES; o += Float.BYTES) {
        OffHeap.setFloat(y + o, (OffHeap.getFloat(x + o) - mean) * factor + shift);
      }
    }

    @Override
    void scale(
        final long x,
        final float mean,
        final float factor,
        final long scale,
        final long y,
        final long count) {
      for (long o = 0; o < count * Float.BYTES; o += Float.BYTES) {
        final float standard = (OffHeap.getFloat(x + o) - mean) * factor;
        OffHeap.setFloat(y + o, standard * OffHeap.getFloat(scale + o));
      }
    }

    @Override
    void scaleAndShift(
        final long x,
        final float mean,
        final float factor,
        final long scale,
        final long shift,
        final long y,
        final long count) {
      for (long o = 0; o < count * Float.BYTES; o += Float.BYTES) {
        final float standard = (OffHeap.getFloat(x + o) - mean) * factor;
        OffHeap.setFloat(
            y + o, standard * OffHeap.getFloat(scale + o) + OffHeap.getFloat(shift + o));
      }
    }

    @Override
    public void gradient(
        final long dY,
        final float factor,
        final long x,
        final float mean,
        final float slope,
        final float offset,
        final long dX,
        final long count) {
      for (long o = 0; o < count * Float.BYTES; o += Float.BYTES) {
        final float back = (OffHeap.getFloat(x + o) - mean) * slope;
        OffHeap.setFloat(dX + o, OffHeap.getFloat(dY + o) * factor - back - offset);
      }
    }

    @Override
    public void gradient(
        final long dY,
        final float factor,
        final long scale,
        final long x,
        final float mean,
        final float slope,
        final float offset,
        final long dX,
        final long count) {
      for (long o = 0; o < count * Float.BYTES; o += Float.BYTES) {
        final float back = (OffHeap.getFloat(x + o) - mean) * slope;
        final float scaled = OffHeap.getFloat(dY + o) * factor * OffHeap.getFloat(scale + o);
        OffHeap.setFloat(dX + o, scaled - back - offset);
      }
    }
  }
}
