package dev.gradus.kernel;

import dev.gradus.memory.OffHeap;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * The mean of each window of a plane, and its transpose. Elements of a window are summed in
 * row-major order, beginning with 0; the gradient sums the windows of an element in row-major
 * order.
 */
public abstract class AveragePool {
  final Window window;
  final boolean countPadding;
  final int height;
  final int width;
  final int outputHeight;
  final int outputWidth;

  private AveragePool(
      final Window window, final boolean countPadding, final int height, final int width) {
    this.window = window;
    this.countPadding = countPadding;
    this.height = height;
    this.width = width;
    this.outputHeight = window.vertical().output(height);
    this.outputWidth = window.horizontal().output(width);
  }

  /**
   * For planes of that size. Every window must cover an element.
   *
   * @param countPadding whether padding counts as elements of 0; else the mean is over the elements
   *     inside.
   */
  public static AveragePool of(
      final KernelMode mode,
      final Window window,
      final boolean countPadding,
      final int height,
      final int width) {
    return mode == KernelMode.VECTOR
        ? new Vector(window, countPadding, height, width)
        : new Scalar(window, countPadding, height, width);
  }

  /** {@code y[o] = sum of a window's elements / their number}. */
  public final void run(final long x, final long y) {
    final WindowAxis vertical = window.vertical();
    for (int row = 0; row < outputHeight; row++) {
      final int top = row * vertical.stride() - vertical.before();
      final int from = vertical.firstCovered(top);
      final int to = vertical.endCovered(top, height);
      line(x, top, from, to, y + (long) row * outputWidth * Float.BYTES);
    }
  }

  /** {@code dX[i] = sum over the windows that cover i of dY / their number}; dX is all zeros. */
  public final void gradient(final long dY, final long dX) {
    final WindowAxis vertical = window.vertical();
    for (int row = 0; row < outputHeight; row++) {
      final int top = row * vertical.stride() - vertical.before();
      final int from = vertical.firstCovered(top);
      final int to = vertical.endCovered(top, height);
      gradientLine(dY + (long) row * outputWidth * Float.BYTES, dX, top, from, to);
    }
  }

  /** One row of windows, of which rows {@code from} to {@code to} are no padding. */
  abstract void line(long x, int top, int from, int to, long y);

  /** The transpose of {@link #line}. */
  abstract void gradientLine(long dY, long dX, int top, int from, int to);

  /** Windows of a row one by one. */
  final void oneByOne(
      final long x,
      final int top,
      final int from,
      final int to,
      final long y,
      final int first,
      final int end) {
    final WindowAxis horizontal = window.horizontal();
    final int down = window.vertical().dilation();
    final long across = horizontal.dilation();
    for (int column = first; column < end; column++) {
      final int left = column * horizontal.stride() - horizontal.before();
      final int start = horizontal.firstCovered(left);
      final int stop = horizontal.endCovered(left, width);
      float sum = 0f;
      for (int i = from; i < to; i++) {
        final long line = (long) (top + i * down) * width + left;
        for (int j = start; j < stop; j++) {
          sum += OffHeap.getFloat(x + (line + j * across) * Float.BYTES);
        }
      }
      final float mean = sum / count((to - from) * (stop - start));
      OffHeap.setFloat(y + (long) column * Float.BYTES, mean);
    }
  }

  /** The transpose of {@link #oneByOne}. */
  final void gradientOneByOne(
      final long dY,
      final long dX,
      final int top,
      final int from,
      final int to,
      final int first,
      final int end) {
    final WindowAxis horizontal = window.horizontal();
    final int down = window.vertical().dilation();
    final long across = horizontal.dilation();
    for (int column = first; column < end; column++) {
      final int left = column * horizontal.stride() - horizontal.before();
      final int start = horizontal.firstCovered(left);
      final int stop = horizontal.endCovered(left, width);
      final float dMean = OffHeap.getFloat(dY + (long) column * Float.BYTES);
      final float share = dMean / count((to - from) * (stop - start));
      for (int i = from; i < to; i++) {
        final long line = (long) (top + i * down) * width + left;
        for (int j = start; j < stop; j++) {
          final long at = dX + (line + j * across) * Float.BYTES;
          OffHeap.setFloat(at, OffHeap.getFloat(at) + share);
        }
      }
    }
  }

  /** By how much a sum is divided, where so many elements are no padding. */
  final float count(final int inside) {
    return countPadding ? window.area() : inside;
  }

  /**
   * Neighbouring windows in the lanes of a vector.
   *
   * <ul>
   *   <li>The mean, for horizontal strides of 1 and 2; of the latter every other element is taken
   *       from two vectors that overlap by one, so that nothing behind the last window is read. The
   *       last vector of a row overlaps the one before.
   *   <li>The gradient, for horizontal strides up to the number of lanes: one vector of dY is
   *       spread over as many of dX as the stride, where lanes between windows get 0. Windows that
   *       overlap or have gaps take one pass along the row for each column of a window, the last
   *       first, so that the windows of an element come in their order.
   *   <li>Windows of two by any number with a stride of 2 have loops of their own, which load each
   *       element once and have no short loops inside: 0.42 to 0.74 of the time in planes 64 and
   *       128 wide, on Emerald Rapids.
   * </ul>
   */
  private static final class Vector extends AveragePool {
    private static final VectorSpecies<Float> F = Lanes.F;
    private static final MemorySegment ALL = OffHeap.ALL;
    private static final ByteOrder ORDER = Lanes.ORDER;
    private static final long W = F.vectorByteSize();
    private static final long BYTES = Float.BYTES;

    /** Windows that lie inside the plane from left to right. */
    private final int inside;

    private final int end;

    /** Of the gradient, and the columns of a window that each takes. */
    private final int passes;

    private final int columns;

    /** Behind the last of the windows inside that fill whole vectors of dX in every pass. */
    private final int full;

    /** For each vector of dX, which window of a vector a lane belongs to, and whether to any. */
    private final VectorShuffle<Float>[] spread;

    private final VectorMask<Float>[] covered;

    private final boolean pairs; // windows of two neighbours each, as of most networks

    @SuppressWarnings({"unchecked", "rawtypes"}) // arrays of generic types
    Vector(final Window window, final boolean countPadding, final int height, final int width) {
      super(window, countPadding, height, width);
      final WindowAxis horizontal = window.horizontal();
      final int stride = horizontal.stride();
      final int last = width + horizontal.before() - horizontal.extent();
      this.inside = (horizontal.before() + stride - 1) / stride;
      this.end = last < 0 ? 0 : Math.min(outputWidth, last / stride + 1);
      final boolean apart = horizontal.dilation() == 1 && horizontal.size() <= stride;
      this.passes = apart ? 1 : horizontal.size();
      this.columns = apart ? horizontal.size() : 1;
      final int filling = Math.max(0, Math.min(end, (last + columns) / stride) - inside);
      this.full = inside + filling - filling % Lanes.COUNT;
      this.pairs = stride == 2 && horizontal.size() == 2 && apart;
      final int vectors = Math.min(stride, Lanes.COUNT);
      this.spread = new VectorShuffle[vectors];
      this.covered = new VectorMask[vectors];
      for (int k = 0; k < vectors; k++) {
        final int first = k * Lanes.COUNT;
        spread[k] = VectorShuffle.fromOp(F, lane -> (first + lane) / stride % Lanes.COUNT);
        long lanes = 0;
        for (int lane = 0; lane < Lanes.COUNT; lane++) {
          lanes |= ((first + lane) % stride < columns ? 1L : 0L) << lane;
        }
        covered[k] = VectorMask.fromLong(F, lanes);
      }
    }

    @Override
    void line(final long x, final int top, final int from, final int to, final long y) {
      if (window.horizontal().stride() > 2 || end <= inside) {
        oneByOne(x, top, from, to, y, 0, outputWidth);
        return;
      }
      oneByOne(x, top, from, to, y, 0, inside);
      if (end - inside < Lanes.COUNT) {
        few(x, top, from, to, y);
      } else if (pairs) {
        pairs(x, top, from, to, y);
      } else {
        many(x, top, from, to, y);
      }
      oneByOne(x, top, from, to, y, end, outputWidth);
    }

    private void many(final long x, final int top, final int from, final int to, final long y) {
      final int stride = window.horizontal().stride();
      final int size = window.horizontal().size();
      final long across = window.horizontal().dilation();
      final int down = window.vertical().dilation();
      final float count = count((to - from) * size);
      for (int next = inside; next < end; next += Lanes.COUNT) {
        final int column = Math.min(next, end - Lanes.COUNT);
        final int left = column * stride - window.horizontal().before();
        FloatVector sum = FloatVector.zero(F);
        for (int i = from; i < to; i++) {
          final long line = (long) (top + i * down) * width + left;
          for (int j = 0; j < size; j++) {
            final long at = x + (line + j * across) * BYTES;
            FloatVector value = FloatVector.fromMemorySegment(F, ALL, at, ORDER);
            if (stride == 2) {
              final long behind = at + (Lanes.COUNT - 1) * BYTES;
              value =
                  value
                      .rearrange(Lanes.EVEN)
                      .blend(
                          FloatVector.fromMemorySegment(F, ALL, behind, ORDER).rearrange(Lanes.ODD),
                          Lanes.UPPER);
            }
            sum = sum.add(value);
          }
        }
        sum.div(count).intoMemorySegment(ALL, y + column * BYTES, ORDER);
      }
    }

    /** As {@link #many}, of two neighbours each. */
    private void pairs(final long x, final int top, final int from, final int to, final long y) {
      final int down = window.vertical().dilation();
      final float count = count((to - from) * 2);
      for (int next = inside; next < end; next += Lanes.COUNT) {
        final int column = Math.min(next, end - Lanes.COUNT);
        final int left = column * 2 - window.horizontal().before();
        FloatVector sum = FloatVector.zero(F);
        for (int i = from; i < to; i++) {
          final long at = x + ((long) (top + i * down) * width + left) * BYTES;
          final FloatVector front = FloatVector.fromMemorySegment(F, ALL, at, ORDER);
          final FloatVector back = FloatVector.fromMemorySegment(F, ALL, at + W, ORDER);
          sum =
              sum.add(front.rearrange(Lanes.EVEN).blend(back.rearrange(Lanes.EVEN), Lanes.UPPER))
                  .add(front.rearrange(Lanes.ODD).blend(back.rearrange(Lanes.ODD), Lanes.UPPER));
        }
        sum.div(count).intoMemorySegment(ALL, y + column * BYTES, ORDER);
      }
    }

    /** As {@link #many}, of fewer windows than lanes. */
    private void few(final long x, final int top, final int from, final int to, final long y) {
      final int stride = window.horizontal().stride();
      final int size = window.horizontal().size();
      final long across = window.horizontal().dilation();
      final int down = window.vertical().dilation();
      final int left = inside * stride - window.horizontal().before();
      final int reach = (end - inside - 1) * stride + 1;
      final VectorMask<Float> front = F.indexInRange(0, reach);
      final VectorMask<Float> back = F.indexInRange(Lanes.COUNT - 1, reach);
      FloatVector sum = FloatVector.zero(F);
      for (int i = from; i < to; i++) {
        final long line = (long) (top + i * down) * width + left;
        for (int j = 0; j < size; j++) {
          final long at = x + (line + j * across) * BYTES;
          FloatVector value = FloatVector.fromMemorySegment(F, ALL, at, ORDER, front);
          if (stride == 2) {
            final long behind = at + (Lanes.COUNT - 1) * BYTES;
            value =
                value
                    .rearrange(Lanes.EVEN)
                    .blend(
                        FloatVector.fromMemorySegment(F, ALL, behind, ORDER, back)
                            .rearrange(Lanes.ODD),
                        Lanes.UPPER);
          }
          sum = sum.add(value);
        }
      }
      final VectorMask<Float> windows = F.indexInRange(0, end - inside);
      sum.div(count((to - from) * size)).intoMemorySegment(ALL, y + inside * BYTES, ORDER, windows);
    }

    @Override
    void gradientLine(final long dY, final long dX, final int top, final int from, final int to) {
      if (window.horizontal().stride() > Lanes.COUNT || end <= inside) {
        gradientOneByOne(dY, dX, top, from, to, 0, outputWidth);
        return;
      }
      gradientOneByOne(dY, dX, top, from, to, 0, inside);
      for (int j = passes - 1; j >= 0; j--) {
        if (pairs) {
          spreadPairs(dY, dX, top, from, to);
        } else {
          spread(dY, dX, top, from, to, j);
        }
        if (full < end) {
          spreadRest(dY, dX, top, from, to, j);
        }
      }
      gradientOneByOne(dY, dX, top, from, to, end, outputWidth);
    }

    /** One pass over windows {@code inside} to {@code full}; {@code j} is its first column. */
    private void spread(
        final long dY, final long dX, final int top, final int from, final int to, final int j) {
      final int stride = window.horizontal().stride();
      final int down = window.vertical().dilation();
      final int left = j * window.horizontal().dilation() - window.horizontal().before();
      final float count = count((to - from) * window.horizontal().size());
      for (int column = inside; column < full; column += Lanes.COUNT) {
        final FloatVector share =
            FloatVector.fromMemorySegment(F, ALL, dY + column * BYTES, ORDER).div(count);
        for (int k = 0; k < stride; k++) {
          final FloatVector part = share.rearrange(spread[k], covered[k]);
          final int element = left + column * stride + k * Lanes.COUNT;
          for (int i = from; i < to; i++) {
            final long at = dX + ((long) (top + i * down) * width + element) * BYTES;
            FloatVector.fromMemorySegment(F, ALL, at, ORDER)
                .add(part)
                .intoMemorySegment(ALL, at, ORDER);
          }
        }
      }
    }

    /** As {@link #spread}, of two neighbours each. */
    private void spreadPairs(
        final long dY, final long dX, final int top, final int from, final int to) {
      final int down = window.vertical().dilation();
      final float count = count((to - from) * 2);
      for (int column = inside; column < full; column += Lanes.COUNT) {
        final FloatVector share =
            FloatVector.fromMemorySegment(F, ALL, dY + column * BYTES, ORDER).div(count);
        final FloatVector low = share.rearrange(spread[0]);
        final FloatVector high = share.rearrange(spread[1]);
        final int left = column * 2 - window.horizontal().before();
        for (int i = from; i < to; i++) {
          final long at = dX + ((long) (top + i * down) * width + left) * BYTES;
          FloatVector.fromMemorySegment(F, ALL, at, ORDER)
              .add(low)
              .intoMemorySegment(ALL, at, ORDER);
          FloatVector.fromMemorySegment(F, ALL, at + W, ORDER)
              .add(high)
              .intoMemorySegment(ALL, at + W, ORDER);
        }
      }
    }

    /** As {@link #spread}, over windows {@code full} to {@code end}, no more than lanes. */
    private void spreadRest(
        final long dY, final long dX, final int top, final int from, final int to, final int j) {
      final int stride = window.horizontal().stride();
      final int down = window.vertical().dilation();
      final int left = j * window.horizontal().dilation() - window.horizontal().before();
      final int reach = (end - full - 1) * stride + columns;
      final VectorMask<Float> windows = F.indexInRange(0, end - full);
      final FloatVector share =
          FloatVector.fromMemorySegment(F, ALL, dY + full * BYTES, ORDER, windows)
              .div(count((to - from) * window.horizontal().size()));
      for (int k = 0; k * Lanes.COUNT < reach; k++) {
        final FloatVector part = share.rearrange(spread[k], covered[k]);
        final VectorMask<Float> inReach = F.indexInRange(k * Lanes.COUNT, reach);
        final int element = left + full * stride + k * Lanes.COUNT;
        for (int i = from; i < to; i++) {
          final long at = dX + ((long) (top + i * down) * width + element) * BYTES;
          FloatVector.fromMemorySegment(F, ALL, at, ORDER, inReach)
              .add(part)
              .intoMemorySegment(ALL, at, ORDER, inReach);
        }
      }
    }
  }

  private static final class Scalar extends AveragePool {
    Scalar(final Window window, final boolean countPadding, final int height, final int width) {
      super(window, countPadding, height, width);
    }

    @Override
    void line(final long x, final int top, final int from, final int to, final long y) {
      oneByOne(x, top, from, to, y, 0, outputWidth);
    }

    @Override
    void gradientLine(final long dY, final long dX, final int top, final int from, final int to) {
      gradientOneByOne(dY, dX, top, from, to, 0, outputWidth);
    }
  }
}
