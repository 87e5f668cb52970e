package dev.gradus.kernel;

import dev.gradus.memory.OffHeap;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/**
 * Images as matrices whose columns are windows ("im2col"), and back. For an image x of planes
 * (height, width), row {@code (c, i, j)} of the matrix holds element {@code (i, j)} of every window
 * in plane c, windows in row-major order; padding is 0. With it a convolution is a matrix product.
 *
 * <p>Source: Chellapilla, Puri and Simard, High Performance Convolutional Neural Networks for
 * Document Processing, 2006.
 */
public abstract class WindowColumns {
  final Window window;
  final int height;
  final int width;
  final int outputWidth;

  private WindowColumns(final Window window, final int height, final int width) {
    this.window = window;
    this.height = height;
    this.width = width;
    this.outputWidth = window.horizontal().output(width);
  }

  /** For images of that size. */
  public static WindowColumns of(
      final KernelMode mode, final Window window, final int height, final int width) {
    return mode == KernelMode.VECTOR
        ? new Vector(window, height, width)
        : new Scalar(window, height, width);
  }

  /**
   * Fills the matrix for the windows of output rows {@code from} (inclusive) to {@code to}
   * (exclusive).
   *
   * @param x the first of {@code planes} adjacent planes.
   * @param columns (planes * area, pitch), of which the first {@code (to - from) * outputWidth} of
   *     each row are written.
   * @param pitch floats from row to row.
   */
  public final void gather(
      final long x,
      final int planes,
      final int from,
      final int to,
      final long columns,
      final long pitch) {
    walk(false, x, planes, from, to, columns, pitch);
  }

  /**
   * Adds the matrix's elements to the image they come from: the transpose of {@link #gather}. Rows
   * are added in their order, so every element of the image is a chain of additions in that order.
   */
  public final void scatterAdd(
      final long x,
      final int planes,
      final int from,
      final int to,
      final long columns,
      final long pitch) {
    walk(true, x, planes, from, to, columns, pitch);
  }

  private void walk(
      final boolean adds,
      final long x,
      final int planes,
      final int from,
      final int to,
      final long columns,
      final long pitch) {
    final WindowAxis vertical = window.vertical();
    final WindowAxis horizontal = window.horizontal();
    long row = columns;
    for (int plane = 0; plane < planes; plane++) {
      final long image = x + (long) plane * height * width * Float.BYTES;
      for (int i = 0; i < vertical.size(); i++) {
        final int top = Math.clamp(vertical.firstInside(i), from, to);
        final int bottom = Math.clamp(vertical.endInside(i, height), top, to);
        final int y = top * vertical.stride() - vertical.before() + i * vertical.dilation();
        final long line = image + (long) y * width * Float.BYTES;
        final long lineStep = (long) vertical.stride() * width * Float.BYTES;
        for (int j = 0; j < horizontal.size(); j++) {
          final int left = Math.min(horizontal.firstInside(j), outputWidth);
          final int right = Math.clamp(horizontal.endInside(j, width), left, outputWidth);
          final long first =
              (long) left * horizontal.stride()
                  - horizontal.before()
                  + (long) j * horizontal.dilation();
          final long at = line + first * Float.BYTES;
          if (adds) {
            final long start = ((long) (top - from) * outputWidth + left) * Float.BYTES;
            add(row + start, at, lineStep, bottom - top, right - left);
          } else {
            copy(at, lineStep, row, from, top, bottom, to, left, right);
          }
          row += pitch * Float.BYTES;
        }
      }
    }
  }

  /**
   * One row of the matrix: output rows {@code top} to {@code bottom}, columns {@code left} to
   * {@code right} come from x, the rest of {@code from} to {@code to} is padding.
   */
  abstract void copy(
      long x, long lineStep, long row, int from, int top, int bottom, int to, int left, int right);

  /** Adds {@code lines} lines of {@code count} elements to every stride-th element of x. */
  abstract void add(long row, long x, long lineStep, int lines, int count);

  private static final class Vector extends WindowColumns {
    private static final VectorSpecies<Float> F = Lanes.F;
    private static final MemorySegment ALL = OffHeap.ALL;
    private static final ByteOrder ORDER = Lanes.ORDER;

    Vector(final Window window, final int height, final int width) {
      super(window, height, width);
    }

    /** A line's last vector overlaps the one before: copying twice does no harm. */
    @Override
    void copy(
        final long x,
        final long lineStep,
        final long row,
        final int from,
        final int top,
        final int bottom,
        final int to,
        final int left,
        final int right) {
      final int count = right - left;
      if (window.horizontal().stride() != 1) {
        copyOneByOne(x, lineStep, row, from, top, bottom, to, left, right);
        return;
      }
      final long rowBytes = (long) outputWidth * Float.BYTES;
      fillZero(row, (long) (top - from) * outputWidth);
      final long inside = row + (top - from) * rowBytes;
      final int lines = bottom - top;
      if (count < outputWidth) {
        for (int y = 0; y < lines; y++) {
          fillZero(inside + y * rowBytes, left);
          fillZero(inside + y * rowBytes + (long) right * Float.BYTES, outputWidth - right);
        }
      }
      final long start = inside + (long) left * Float.BYTES;
      if (count < Lanes.COUNT) {
        final int room = count == outputWidth ? lines * count : 0;
        copyNarrow(x, lineStep, start, rowBytes, lines, count, room);
      } else if (count <= 2 * Lanes.COUNT) {
        copyShort(x, lineStep, start, rowBytes, lines, count);
      } else {
        copyLong(x, lineStep, start, rowBytes, lines, count);
      }
      fillZero(inside + lines * rowBytes, (long) (to - bottom) * outputWidth);
    }

    /**
     * Lines of less than a vector.
     *
     * @param room elements in which the next line overwrites what was too much of the one before,
     *     so that whole vectors may be written; 0 where lines are not adjacent.
     */
    private static void copyNarrow(
        final long x,
        final long lineStep,
        final long to,
        final long toStep,
        final int lines,
        final int count,
        final int room) {
      final VectorMask<Float> mask = F.indexInRange(0, count);
      final int whole =
          Math.clamp(Math.floorDiv(room - Lanes.COUNT, Math.max(1, count)) + 1L, 0, lines);
      long line = x;
      long target = to;
      for (int y = 0; y < whole; y++) {
        FloatVector.fromMemorySegment(F, ALL, line, ORDER, mask)
            .intoMemorySegment(ALL, target, ORDER);
        line += lineStep;
        target += toStep;
      }
      for (int y = whole; y < lines; y++) {
        FloatVector.fromMemorySegment(F, ALL, line, ORDER, mask)
            .intoMemorySegment(ALL, target, ORDER, mask);
        line += lineStep;
        target += toStep;
      }
    }

    /** Lines of one to two vectors: a loop within each would cost more than the copying. */
    private static void copyShort(
        final long x,
        final long lineStep,
        final long to,
        final long toStep,
        final int lines,
        final int count) {
      final long last = (long) (count - Lanes.COUNT) * Float.BYTES;
      long line = x;
      long target = to;
      for (int y = 0; y < lines; y++) {
        FloatVector.fromMemorySegment(F, ALL, line, ORDER).intoMemorySegment(ALL, target, ORDER);
        FloatVector.fromMemorySegment(F, ALL, line + last, ORDER)
            .intoMemorySegment(ALL, target + last, ORDER);
        line += lineStep;
        target += toStep;
      }
    }

    private static void copyLong(
        final long x,
        final long lineStep,
        final long to,
        final long toStep,
        final int lines,
        final int count) {
      final long last = (long) (count - Lanes.COUNT) * Float.BYTES;
      long line = x;
      long target = to;
      for (int y = 0; y < lines; y++) {
        for (long o = 0; o < last; o += (long) Lanes.COUNT * Float.BYTES) {
          FloatVector.fromMemorySegment(F, ALL, line + o, ORDER)
              .intoMemorySegment(ALL, target + o, ORDER);
        }
        FloatVector.fromMemorySegment(F, ALL, line + last, ORDER)
            .intoMemorySegment(ALL, target + last, ORDER);
        line += lineStep;
        target += toStep;
      }
    }

    @Override
    void add(final long row, final long x, final long lineStep, final int lines, final int count) {
      if (window.horizontal().stride() != 1) {
        addOneByOne(row, x, lineStep, lines, count);
        return;
      }
      final long rowBytes = (long) outputWidth * Float.BYTES;
      if (count >= Lanes.COUNT && count <= 2 * Lanes.COUNT) {
        addShort(row, rowBytes, x, lineStep, lines, count);
      } else {
        addLong(row, rowBytes, x, lineStep, lines, count);
      }
    }

    /** Lines of one to two vectors, which overlap: both are read before either is written. */
    private static void addShort(
        final long row,
        final long rowBytes,
        final long x,
        final long lineStep,
        final int lines,
        final int count) {
      final long last = (long) (count - Lanes.COUNT) * Float.BYTES;
      long source = row;
      long line = x;
      for (int y = 0; y < lines; y++) {
        final FloatVector first =
            FloatVector.fromMemorySegment(F, ALL, line, ORDER)
                .add(FloatVector.fromMemorySegment(F, ALL, source, ORDER));
        final FloatVector second =
            FloatVector.fromMemorySegment(F, ALL, line + last, ORDER)
                .add(FloatVector.fromMemorySegment(F, ALL, source + last, ORDER));
        first.intoMemorySegment(ALL, line, ORDER);
        second.intoMemorySegment(ALL, line + last, ORDER);
        source += rowBytes;
        line += lineStep;
      }
    }

    private static void addLong(
        final long row,
        final long rowBytes,
        final long x,
        final long lineStep,
        final int lines,
        final int count) {
      final long whole = (long) F.loopBound(count) * Float.BYTES;
      final boolean hasRest = whole < (long) count * Float.BYTES;
      final VectorMask<Float> rest = F.indexInRange(F.loopBound(count), count);
      long source = row;
      long line = x;
      for (int y = 0; y < lines; y++) {
        for (long o = 0; o < whole; o += (long) Lanes.COUNT * Float.BYTES) {
          FloatVector.fromMemorySegment(F, ALL, line + o, ORDER)
              .add(FloatVector.fromMemorySegment(F, ALL, source + o, ORDER))
              .intoMemorySegment(ALL, line + o, ORDER);
        }
        if (hasRest) {
          FloatVector.fromMemorySegment(F, ALL, line + whole, ORDER, rest)
              .add(FloatVector.fromMemorySegment(F, ALL, source + whole, ORDER, rest))
              .intoMemorySegment(ALL, line + whole, ORDER, rest);
        }
        source += rowBytes;
        line += lineStep;
      }
    }
  }

  private static final class Scalar extends WindowColumns {
    Scalar(final Window window, final int height, final int width) {
      super(window, height, width);
    }

    @Override
    void copy(
        final long x,
        final long lineStep,
        final long row,
        final int from,
        final int top,
        final int bottom,
        final int to,
        final int left,
        final int right) {
      copyOneByOne(x, lineStep, row, from, top, bottom, to, left, right);
    }

    @Override
    void add(final long row, final long x, final long lineStep, final int lines, final int count) {
      addOneByOne(row, x, lineStep, lines, count);
    }
  }

  final void copyOneByOne(
      final long x,
      final long lineStep,
      final long row,
      final int from,
      final int top,
      final int bottom,
      final int to,
      final int left,
      final int right) {
    final long step = (long) window.horizontal().stride() * Float.BYTES;
    fillZero(row, (long) (top - from) * outputWidth);
    long line = x;
    long target = row + (long) (top - from) * outputWidth * Float.BYTES;
    for (int y = top; y < bottom; y++) {
      fillZero(target, left);
      target += (long) left * Float.BYTES;
      long at = line;
      for (int o = left; o < right; o++) {
        OffHeap.setFloat(target, OffHeap.getFloat(at));
        target += Float.BYTES;
        at += step;
      }
      fillZero(target, outputWidth - right);
      target += (long) (outputWidth - right) * Float.BYTES;
      line += lineStep;
    }
    fillZero(target, (long) (to - bottom) * outputWidth);
  }

  final void addOneByOne(
      final long row, final long x, final long lineStep, final int lines, final int count) {
    final long step = (long) window.horizontal().stride() * Float.BYTES;
    for (int y = 0; y < lines; y++) {
      final long source = row + (long) y * outputWidth * Float.BYTES;
      long at = x + y * lineStep;
      for (int o = 0; o < count; o++) {
        final float sum = OffHeap.getFloat(at) + OffHeap.getFloat(source + (long) o * Float.BYTES);
        OffHeap.setFloat(at, sum);
        at += step;
      }
    }
  }

  static void fillZero(final long address, final long count) {
    for (long i = 0; i < count; i++) {
      OffHeap.setFloat(address + i * Float.BYTES, 0f);
    }
  }
}
