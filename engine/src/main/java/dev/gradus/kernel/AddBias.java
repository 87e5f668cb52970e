package dev.gradus.kernel;

import dev.gradus.memory.OffHeap;
import jdk.incubator.vector.VectorMask;

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
    @Override
    public void run(
        final long x, final long bias, final long out, final long rows, final long columns) {
      final long rowBytes = columns * Float.BYTES;
      final long whole = Lanes.whole(rowBytes);
      final VectorMask<Float> tail = Lanes.first(rowBytes - whole);
      for (long r = 0; r < rows; r++) {
        final long from = x + r * rowBytes;
        final long to = out + r * rowBytes;
        for (long o = 0; o < whole; o += Lanes.BYTES) {
          Lanes.store(Lanes.load(from + o).add(Lanes.load(bias + o)), to + o);
        }
        if (whole < rowBytes) {
          Lanes.store(
              Lanes.load(from + whole, tail).add(Lanes.load(bias + whole, tail)), to + whole, tail);
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
