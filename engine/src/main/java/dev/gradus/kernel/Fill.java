package dev.gradus.kernel;

import dev.gradus.memory.OffHeap;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** {@code y = value}. */
public abstract class Fill {
  private Fill() {}

  public static Fill of(final KernelMode mode) {
    return mode == KernelMode.VECTOR ? new Vector() : new Scalar();
  }

  public abstract void run(long y, float value, long count);

  private static final class Vector extends Fill {
    private static final VectorSpecies<Float> F = Lanes.F;
    private static final MemorySegment ALL = OffHeap.ALL;
    private static final ByteOrder ORDER = Lanes.ORDER;

    @Override
    public void run(final long y, final float value, final long count) {
      final FloatVector v = FloatVector.broadcast(F, value);
      final long whole = F.loopBound(count);
      for (long i = 0; i < whole; i += Lanes.COUNT) {
        v.intoMemorySegment(ALL, y + i * Float.BYTES, ORDER);
      }
      if (whole < count) {
        v.intoMemorySegment(ALL, y + whole * Float.BYTES, ORDER, F.indexInRange(whole, count));
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
