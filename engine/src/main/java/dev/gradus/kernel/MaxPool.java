package dev.gradus.kernel;

import dev.gradus.memory.OffHeap;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * The largest element of each window of a plane and where it lies. Of equal ones the first counts,
 * in row-major order; a NaN is larger than any number, the last of several counts. Padding is never
 * the largest.
 */
public abstract class MaxPool {
  final Window window;
  final int height;
  final int width;
  final int outputHeight;
  final int outputWidth;

  private MaxPool(final Window window, final int height, final int width) {
    this.window = window;
    this.height = height;
    this.width = width;
    this.outputHeight = window.vertical().output(height);
    this.outputWidth = window.horizontal().output(width);
  }

  /** For planes of that size. Every window must cover an element. */
  public static MaxPool of(
      final KernelMode mode, final Window window, final int height, final int width) {
    return mode == KernelMode.VECTOR
        ? new Vector(window, height, width)
        : new Scalar(window, height, width);
  }

  /**
   * Pools one plane.
   *
   * @param x (height, width).
   * @param y the largest of each window.
   * @param indices int32, where they lie: {@code row * width + column}.
   */
  public void run(final long x, final long y, final long indices) {
    final WindowAxis vertical = window.vertical();
    for (int row = 0; row < outputHeight; row++) {
      final int top = row * vertical.stride() - vertical.before();
      final int from = vertical.firstCovered(top);
      final int to = vertical.endCovered(top, height);
      final long out = (long) row * outputWidth * Float.BYTES;
      line(x, top, from, to, y + out, indices + out);
    }
  }

  /** One row of windows, of which rows {@code from} to {@code to} are no padding. */
  abstract void line(long x, int top, int from, int to, long y, long indices);

  /** Windows of a row one by one. */
  final void oneByOne(
      final long x,
      final int top,
      final int from,
      final int to,
      final long y,
      final long indices,
      final int first,
      final int end) {
    final WindowAxis horizontal = window.horizontal();
    final int down = window.vertical().dilation();
    final int across = horizontal.dilation();
    for (int column = first; column < end; column++) {
      final int left = column * horizontal.stride() - horizontal.before();
      final int start = horizontal.firstCovered(left);
      final int stop = horizontal.endCovered(left, width);
      int best = (top + from * down) * width + left + start * across;
      float largest = Float.NEGATIVE_INFINITY;
      for (int i = from; i < to; i++) {
        final int line = (top + i * down) * width + left;
        for (int j = start; j < stop; j++) {
          final int at = line + j * across;
          final float value = OffHeap.getFloat(x + (long) at * Float.BYTES);
          if (value > largest || Float.isNaN(value)) {
            largest = value;
            best = at;
          }
        }
      }
      OffHeap.setFloat(y + (long) column * Float.BYTES, largest);
      OffHeap.setInt(indices + (long) column * Integer.BYTES, best);
    }
  }

  /**
   * Neighbouring windows in the lanes of a vector, for horizontal strides of 1 and 2; of the latter
   * every other element is taken from two vectors that overlap by one, so that nothing behind the
   * last window is read. The last vector of a row overlaps the one before. Windows of two by any
   * number with a stride of 2 have a loop of their own, which loads each element once and begins
   * with the first instead of with the least number: 0.56 to 0.65 of the time on Zen 3.
   */
  private static final class Vector extends MaxPool {
    private static final VectorSpecies<Float> F = Lanes.F;
    private static final VectorSpecies<Integer> I = F.withLanes(int.class);
    private static final MemorySegment ALL = OffHeap.ALL;
    private static final ByteOrder ORDER = Lanes.ORDER;
    private static final long W = F.vectorByteSize();
    private static final long BYTES = Float.BYTES;

    /** Windows that lie inside the plane from left to right. */
    private final int inside;

    private final int end;
    private final IntVector lanes;

    private final boolean pairs; // windows of two neighbours each, as of most networks

    private final boolean fewPairs;

    /** Of {@link #fewPairs}: rows of windows in a vector, elements from its front to its back. */
    private final int rows;

    private final int apart;

    /** The elements that windows begin and end with in front or back. */
    private final VectorShuffle<Float> evens;

    private final VectorShuffle<Float> odds;
    private final IntVector places;

    Vector(final Window window, final int height, final int width) {
      super(window, height, width);
      final WindowAxis horizontal = window.horizontal();
      final int stride = horizontal.stride();
      final int last = width + horizontal.before() - horizontal.extent();
      this.inside = (horizontal.before() + stride - 1) / stride;
      this.end = last < 0 ? 0 : Math.min(outputWidth, last / stride + 1);
      this.lanes = IntVector.zero(I).addIndex(stride);
      this.pairs = stride == 2 && horizontal.size() == 2 && horizontal.dilation() == 1;
      final WindowAxis vertical = window.vertical();
      final int bottom = (outputHeight - 1) * vertical.stride() + vertical.extent();
      this.fewPairs =
          pairs
              && outputWidth < Lanes.COUNT
              && end - inside == outputWidth
              && vertical.before() == 0
              && bottom <= height;
      this.rows = fewPairs && 2 * outputWidth <= Lanes.COUNT && outputHeight > 1 ? 2 : 1;
      final int windows = rows == 2 ? outputWidth : Lanes.COUNT / 2;
      this.apart = rows == 2 ? vertical.stride() * width : Lanes.COUNT;
      this.evens = VectorShuffle.fromOp(F, lane -> 2 * (lane % windows));
      this.odds = VectorShuffle.fromOp(F, lane -> 2 * (lane % windows) + 1);
      final int[] firsts = new int[Lanes.COUNT];
      Arrays.setAll(firsts, lane -> 2 * (lane % windows) + lane / windows * apart);
      this.places = IntVector.fromArray(I, firsts, 0);
    }

    @Override
    public void run(final long x, final long y, final long indices) {
      if (fewPairs) {
        fewPairs(x, y, indices);
      } else {
        super.run(x, y, indices);
      }
    }

    @Override
    void line(
        final long x,
        final int top,
        final int from,
        final int to,
        final long y,
        final long indices) {
      final int stride = window.horizontal().stride();
      if (stride > 2 || end <= inside) {
        oneByOne(x, top, from, to, y, indices, 0, outputWidth);
        return;
      }
      oneByOne(x, top, from, to, y, indices, 0, inside);
      if (end - inside < Lanes.COUNT) {
        few(x, top, from, to, y, indices);
      } else if (pairs) {
        pairs(x, top, from, to, y, indices);
      } else {
        many(x, top, from, to, y, indices);
      }
      oneByOne(x, top, from, to, y, indices, end, outputWidth);
    }

    private void many(
        final long x,
        final int top,
        final int from,
        final int to,
        final long y,
        final long indices) {
      final int stride = window.horizontal().stride();
      final int size = window.horizontal().size();
      final int across = window.horizontal().dilation();
      final int down = window.vertical().dilation();
      for (int next = inside; next < end; next += Lanes.COUNT) {
        final int column = Math.min(next, end - Lanes.COUNT);
        final int left = column * stride - window.horizontal().before();
        FloatVector largest = FloatVector.broadcast(F, Float.NEGATIVE_INFINITY);
        IntVector best = lanes.add((top + from * down) * width + left);
        for (int i = from; i < to; i++) {
          final int line = (top + i * down) * width + left;
          for (int j = 0; j < size; j++) {
            final int first = line + j * across;
            final long at = x + (long) first * Float.BYTES;
            FloatVector value = FloatVector.fromMemorySegment(F, ALL, at, ORDER);
            if (stride == 2) {
              final long behind = at + (Lanes.COUNT - 1) * (long) Float.BYTES;
              value =
                  value
                      .rearrange(Lanes.EVEN)
                      .blend(
                          FloatVector.fromMemorySegment(F, ALL, behind, ORDER).rearrange(Lanes.ODD),
                          Lanes.UPPER);
            }
            final VectorMask<Float> larger =
                value
                    .compare(VectorOperators.GT, largest)
                    .or(value.compare(VectorOperators.NE, value));
            largest = largest.blend(value, larger);
            best = best.blend(lanes.add(first), larger.cast(I));
          }
        }
        final long out = (long) column * Float.BYTES;
        largest.intoMemorySegment(ALL, y + out, ORDER);
        best.intoMemorySegment(ALL, indices + out, ORDER);
      }
    }

    /** As {@link #many}, of fewer windows than lanes. */
    private void few(
        final long x,
        final int top,
        final int from,
        final int to,
        final long y,
        final long indices) {
      final int stride = window.horizontal().stride();
      final int size = window.horizontal().size();
      final int across = window.horizontal().dilation();
      final int down = window.vertical().dilation();
      final int left = inside * stride - window.horizontal().before();
      final int reach = (end - inside - 1) * stride + 1;
      final VectorMask<Float> front = F.indexInRange(0, reach);
      final VectorMask<Float> back = F.indexInRange(Lanes.COUNT - 1, reach);
      FloatVector largest = FloatVector.broadcast(F, Float.NEGATIVE_INFINITY);
      IntVector best = lanes.add((top + from * down) * width + left);
      for (int i = from; i < to; i++) {
        final int line = (top + i * down) * width + left;
        for (int j = 0; j < size; j++) {
          final int first = line + j * across;
          final long at = x + (long) first * Float.BYTES;
          FloatVector value = FloatVector.fromMemorySegment(F, ALL, at, ORDER, front);
          if (stride == 2) {
            final long behind = at + (Lanes.COUNT - 1) * (long) Float.BYTES;
            value =
                value
                    .rearrange(Lanes.EVEN)
                    .blend(
                        FloatVector.fromMemorySegment(F, ALL, behind, ORDER, back)
                            .rearrange(Lanes.ODD),
                        Lanes.UPPER);
          }
          final VectorMask<Float> larger =
              value
                  .compare(VectorOperators.GT, largest)
                  .or(value.compare(VectorOperators.NE, value));
          largest = largest.blend(value, larger);
          best = best.blend(lanes.add(first), larger.cast(I));
        }
      }
      final VectorMask<Float> windows = F.indexInRange(0, end - inside);
      final long out = (long) inside * Float.BYTES;
      largest.intoMemorySegment(ALL, y + out, ORDER, windows);
      best.intoMemorySegment(ALL, indices + out, ORDER, windows.cast(I));
    }

    /** As {@link #many}, of two neighbours each, {@code 2 * column} and the next. */
    private void pairs(
        final long x,
        final int top,
        final int from,
        final int to,
        final long y,
        final long indices) {
      final int down = window.vertical().dilation();
      for (int next = inside; next < end; next += Lanes.COUNT) {
        final int column = Math.min(next, end - Lanes.COUNT);
        int line = (top + from * down) * width + column * 2 - window.horizontal().before();
        FloatVector front = FloatVector.fromMemorySegment(F, ALL, x + line * BYTES, ORDER);
        FloatVector back = FloatVector.fromMemorySegment(F, ALL, x + line * BYTES + W, ORDER);
        FloatVector largest =
            front.rearrange(Lanes.EVEN).blend(back.rearrange(Lanes.EVEN), Lanes.UPPER);
        IntVector best = lanes.add(line);
        FloatVector odd = front.rearrange(Lanes.ODD).blend(back.rearrange(Lanes.ODD), Lanes.UPPER);
        VectorMask<Float> larger =
            odd.compare(VectorOperators.GT, largest).or(odd.compare(VectorOperators.NE, odd));
        largest = largest.blend(odd, larger);
        best = best.blend(lanes.add(line + 1), larger.cast(I));
        for (int i = from + 1; i < to; i++) {
          line += down * width;
          front = FloatVector.fromMemorySegment(F, ALL, x + line * BYTES, ORDER);
          back = FloatVector.fromMemorySegment(F, ALL, x + line * BYTES + W, ORDER);
          final FloatVector even =
              front.rearrange(Lanes.EVEN).blend(back.rearrange(Lanes.EVEN), Lanes.UPPER);
          larger =
              even.compare(VectorOperators.GT, largest).or(even.compare(VectorOperators.NE, even));
          largest = largest.blend(even, larger);
          best = best.blend(lanes.add(line), larger.cast(I));
          odd = front.rearrange(Lanes.ODD).blend(back.rearrange(Lanes.ODD), Lanes.UPPER);
          larger =
              odd.compare(VectorOperators.GT, largest).or(odd.compare(VectorOperators.NE, odd));
          largest = largest.blend(odd, larger);
          best = best.blend(lanes.add(line + 1), larger.cast(I));
        }
        final long out = (long) column * Float.BYTES;
        largest.intoMemorySegment(ALL, y + out, ORDER);
        best.intoMemorySegment(ALL, indices + out, ORDER);
      }
    }

    /**
     * As {@link #pairs}, all rows of fewer windows than lanes without padding. The windows of a
     * vector lie in its front and its back: a row's first and second half or, where they are so
     * few, two rows, of which the last two overlap the two before where their number is odd.
     */
    private void fewPairs(final long x, final long y, final long indices) {
      final VectorMask<Float> left = F.indexInRange(0, 2 * outputWidth);
      final VectorMask<Float> right = F.indexInRange(rows == 2 ? 0 : Lanes.COUNT, 2 * outputWidth);
      final VectorMask<Float> windows = F.indexInRange(0, rows * outputWidth);
      final VectorMask<Float> inBack =
          F.indexInRange(0, rows == 2 ? outputWidth : Lanes.COUNT / 2).not();
      final int size = window.vertical().size();
      final int stride = window.vertical().stride();
      final int step = window.vertical().dilation() * width;
      final VectorShuffle<Float> evens = this.evens; // fields are loaded anew behind each store
      final VectorShuffle<Float> odds = this.odds;
      final IntVector places = this.places;
      final long distance = apart * BYTES;
      final int steps = (outputHeight + rows - 1) / rows;
      for (int k = 0; k < steps; k++) {
        final int row = Math.min(k * rows, outputHeight - rows);
        int line = row * stride * width;
        FloatVector largest = FloatVector.broadcast(F, Float.NEGATIVE_INFINITY);
        IntVector best = places.add(line);
        for (int i = 0; i < size; i++) {
          final long at = x + line * BYTES;
          final FloatVector front = FloatVector.fromMemorySegment(F, ALL, at, ORDER, left);
          final FloatVector back =
              FloatVector.fromMemorySegment(F, ALL, at + distance, ORDER, right);
          final FloatVector even = front.rearrange(evens).blend(back.rearrange(evens), inBack);
          VectorMask<Float> larger =
              even.compare(VectorOperators.GT, largest).or(even.compare(VectorOperators.NE, even));
          largest = largest.blend(even, larger);
          best = best.blend(places.add(line), larger.cast(I));
          final FloatVector odd = front.rearrange(odds).blend(back.rearrange(odds), inBack);
          larger =
              odd.compare(VectorOperators.GT, largest).or(odd.compare(VectorOperators.NE, odd));
          largest = largest.blend(odd, larger);
          best = best.blend(places.add(line + 1), larger.cast(I));
          line += step;
        }
        final long out = (long) row * outputWidth * Float.BYTES;
        largest.intoMemorySegment(ALL, y + out, ORDER, windows);
        best.intoMemorySegment(ALL, indices + out, ORDER, windows.cast(I));
      }
    }
  }

  private static final class Scalar extends MaxPool {
    Scalar(final Window window, final int height, final int width) {
      super(window, height, width);
    }

    @Override
    void line(
        final long x,
        final int top,
        final int from,
        final int to,
        final long y,
        final long indices) {
      oneByOne(x, top, from, to, y, indices, 0, outputWidth);
    }
  }
}
