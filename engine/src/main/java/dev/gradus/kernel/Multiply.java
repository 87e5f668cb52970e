package dev.gradus.kernel;

import dev.gradus.memory.OffHeap;
import jdk.incubator.vector.VectorMask;

/** {@code out = a * b}. */
public final class Multiply {
  private Multiply() {}

  public static BinaryKernel of(final KernelMode mode) {
    return mode == KernelMode.VECTOR ? new Vector() : new Scalar();
  }

  private static final class Vector implements BinaryKernel {
    @Override
    public void run(final long a, final long b, final long out, final long count) {
      final long bytes = count * Float.BYTES;
      final long whole = Lanes.whole(bytes);
      for (long o = 0; o < whole; o += Lanes.BYTES) {
        Lanes.store(Lanes.load(a + o).mul(Lanes.load(b + o)), out + o);
      }
      if (whole < bytes) {
        final VectorMask<Float> tail = Lanes.first(bytes - whole);
        Lanes.store(
            Lanes.load(a + whole, tail).mul(Lanes.load(b + whole, tail)), out + whole, tail);
      }
    }
  }

  private static final class Scalar implements BinaryKernel {
    @Override
    public void run(final long a, final long b, final long out, final long count) {
      final long bytes = count * Float.BYTES;
      for (long o = 0; o < bytes; o += Float.BYTES) {
        OffHeap.setFloat(out + o, OffHeap.getFloat(a + o) * OffHeap.getFloat(b + o));
      }
    }
  }
}
