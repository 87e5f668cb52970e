package dev.gradus.kernel;

import dev.gradus.memory.OffHeap;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/** {@code out[r,c] = x[r,c] + bias[c]}. */
public abstract class AddBias {
  private AddBias() {}

  public static AddBias of(final KernelMode mode) {
    return mode == KernelMode.VECTOR ? new Vector() : new Scalar();
  }

  /**
   * Adds.
   *
   * @param x (rows, columns).
   * @param bias (columns).
   * @param out (rows, columns); may be {@code x}.
   */
  public abstract void run(long x, long bias, long out, long rows, long columns);

  private static final class Vector extends AddBias {
    private static final VectorSpecies<Float> F = Lanes.F;
    private static final MemorySegment ALL = OffHeap.ALL;
    private static final ByteOrder ORDER = Lanes.ORDER;

    @Override
    public void run(
        final long x, final long bias, final long out, final long rows, final long columns) {
      final long rowBytes = columns * Float.BYTES;
      final long whole = F.loopBound(columns);
      final VectorMask<Float> tail = F.indexInRange(whole, columns);
      for (long r = 0; r < rows; r++) {
        final long from = x + r * rowBytes;
        final long to = out + r * rowBytes;
        for (long i = 0; i < whole; i += Lanes.COUNT) {
          final FloatVector v =
              FloatVector.fromMemorySegment(F, ALL, from + i * Float.BYTES, ORDER);
          final FloatVector b =
              FloatVector.fromMemorySegment(F, ALL, bias + i * Float.BYTES, ORDER);
          v.add(b).intoMemorySegment(ALL, to + i * Float.BYTES, ORDER);
        }
        if (whole < columns) {
          final FloatVector v =
              FloatVector.fromMemorySegment(F, ALL, from + whole * Float.BYTES, ORDER, tail);
          final FloatVector b =
              FloatVector.fromMemorySegment(F, ALL, bias + whole * Float.BYTES, ORDER, tail);
          v.add(b).intoMemorySegment(ALL, to + whole * Float.BYTES, ORDER, tail);
        }
      }
    }
  }

  private static final class Scalar extends AddBias {
    @Override
    public void run(
        final long x, final long bias, final long out, final long rows, final long columns) {
      final long rowBytes = columns * Float.BYTES;
      for (long r = 0; r < rows; r++) {
        final long from = x + r * rowBytes;
        final long to = out + r * rowBytes;
        for (long o = 0; o < rowBytes; o += Float.BYTES) {
          OffHeap.setFloat(to + o, OffHeap.getFloat(from + o) + OffHeap.getFloat(bias + o));
        }
      }
    }
  }
}
