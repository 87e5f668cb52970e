package dev.gradus.kernel;

import dev.gradus.memory.OffHeap;
import jdk.incubator.vector.FloatVector;

/** {@code y = value}. */
public abstract class Fill {
  private Fill() {}

  public static Fill of(final KernelMode mode) {
    return mode == KernelMode.VECTOR ? new Vector() : new Scalar();
  }

  public abstract void run(long y, float value, long count);

  private static final class Vector extends Fill {
    @Override
    public void run(final long y, final float value, final long count) {
      final FloatVector v = Lanes.all(value);
      final long bytes = count * Float.BYTES;
      final long whole = Lanes.whole(bytes);
      for (long o = 0; o < whole; o += Lanes.BYTES) {
        Lanes.store(v, y + o);
      }
      if (whole < bytes) {
        Lanes.store(v, y + whole, Lanes.first(bytes - whole));
      }
    }
  }

  private static final class Scalar extends Fill {
    @Override
    public void run(final long y, final float value, final long count) {
      final long bytes = count * Float.BYTES;
      for (long o = 0; o < bytes; o += Float.BYTES) {
        OffHeap.setFloat(y + o, value);
      }
    }
  }
}
