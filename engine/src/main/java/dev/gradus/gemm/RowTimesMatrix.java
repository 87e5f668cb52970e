package dev.gradus.gemm;

import dev.gradus.kernel.Lanes;
import dev.gradus.memory.OffHeap;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@code c = scale * init + a * B} for a single row: nothing is used twice, so nothing is packed.
 * Eight vectors of columns at a time keep the multipliers busy and read B in runs of four cache
 * lines or more.
 */
final class RowTimesMatrix {
  private static final VectorSpecies<Float> S = Lanes.F;
  private static final int WIDE = 8 * Tile.LANES;
  private static final long W = S.vectorByteSize();
  private static final MemorySegment ALL = OffHeap.ALL;
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();

  private RowTimesMatrix() {}

  /**
   * Addresses and strides are in bytes.
   *
   * @param a {@code steps} elements, {@code aStep} apart.
   * @param b rows of {@code columns} elements, {@code bStep} apart.
   * @param init as many elements as c, which it may be; not read where {@code scale} is 0.
   */
  static void run(
      final int columns,
      final int steps,
      final long a,
      final long aStep,
      final long b,
      final long bStep,
      final long c,
      final long init,
      final float scale) {
    int column = 0;
    for (; column + WIDE <= columns; column += WIDE) {
      final long left = (long) column * Float.BYTES;
      wide(steps, a, aStep, b + left, bStep, c + left, init + left, scale);
    }
    for (; column < columns; column += Tile.LANES) {
      final long left = (long) column * Float.BYTES;
      narrow(columns - column, steps, a, aStep, b + left, bStep, c + left, init + left, scale);
    }
  }

  private static void wide(
      final int steps,
      final long a,
      final long aStep,
      final long b,
      final long bStep,
      final long c,
      final long init,
      final float scale) {
    // No method makes or takes a vector: where it is not inlined, that is an object.
    FloatVector c0 = FloatVector.zero(S);
    FloatVector c1 = FloatVector.zero(S);
    FloatVector c2 = FloatVector.zero(S);
    FloatVector c3 = FloatVector.zero(S);
    FloatVector c4 = FloatVector.zero(S);
    FloatVector c5 = FloatVector.zero(S);
    FloatVector c6 = FloatVector.zero(S);
    FloatVector c7 = FloatVector.zero(S);
    if (scale != 0f) {
      c0 = FloatVector.fromMemorySegment(S, ALL, init, ORDER).mul(scale);
      c1 = FloatVector.fromMemorySegment(S, ALL, init + W, ORDER).mul(scale);
      c2 = FloatVector.fromMemorySegment(S, ALL, init + 2 * W, ORDER).mul(scale);
      c3 = FloatVector.fromMemorySegment(S, ALL, init + 3 * W, ORDER).mul(scale);
      c4 = FloatVector.fromMemorySegment(S, ALL, init + 4 * W, ORDER).mul(scale);
      c5 = FloatVector.fromMemorySegment(S, ALL, init + 5 * W, ORDER).mul(scale);
      c6 = FloatVector.fromMemorySegment(S, ALL, init + 6 * W, ORDER).mul(scale);
      c7 = FloatVector.fromMemorySegment(S, ALL, init + 7 * W, ORDER).mul(scale);
    }
    long aNext = a;
    long bNext = b;
    for (int step = 0; step < steps; step++) {
      final FloatVector x = FloatVector.broadcast(S, OffHeap.getFloat(aNext));
      c0 = x.fma(FloatVector.fromMemorySegment(S, ALL, bNext, ORDER), c0);
      c1 = x.fma(FloatVector.fromMemorySegment(S, ALL, bNext + W, ORDER), c1);
      c2 = x.fma(FloatVector.fromMemorySegment(S, ALL, bNext + 2 * W, ORDER), c2);
      c3 = x.fma(FloatVector.fromMemorySegment(S, ALL, bNext + 3 * W, ORDER), c3);
      c4 = x.fma(FloatVector.fromMemorySegment(S, ALL, bNext + 4 * W, ORDER), c4);
      c5 = x.fma(FloatVector.fromMemorySegment(S, ALL, bNext + 5 * W, ORDER), c5);
      c6 = x.fma(FloatVector.fromMemorySegment(S, ALL, bNext + 6 * W, ORDER), c6);
      c7 = x.fma(FloatVector.fromMemorySegment(S, ALL, bNext + 7 * W, ORDER), c7);
      aNext += aStep;
      bNext += bStep;
    }
    c0.intoMemorySegment(ALL, c, ORDER);
    c1.intoMemorySegment(ALL, c + W, ORDER);
    c2.intoMemorySegment(ALL, c + 2 * W, ORDER);
    c3.intoMemorySegment(ALL, c + 3 * W, ORDER);
    c4.intoMemorySegment(ALL, c + 4 * W, ORDER);
    c5.intoMemorySegment(ALL, c + 5 * W, ORDER);
    c6.intoMemorySegment(ALL, c + 6 * W, ORDER);
    c7.intoMemorySegment(ALL, c + 7 * W, ORDER);
  }

  private static void narrow(
      final int columns,
      final int steps,
      final long a,
      final long aStep,
      final long b,
      final long bStep,
      final long c,
      final long init,
      final float scale) {
    final VectorMask<Float> mask = S.indexInRange(0, columns);
    FloatVector sum =
        scale == 0f
            ? FloatVector.zero(S)
            : FloatVector.fromMemorySegment(S, ALL, init, ORDER, mask).mul(scale);
    long aNext = a;
    long bNext = b;
    for (int step = 0; step < steps; step++) {
      final FloatVector x = FloatVector.broadcast(S, OffHeap.getFloat(aNext));
      sum = x.fma(FloatVector.fromMemorySegment(S, ALL, bNext, ORDER, mask), sum);
      aNext += aStep;
      bNext += bStep;
    }
    sum.intoMemorySegment(ALL, c, ORDER, mask);
  }
}
