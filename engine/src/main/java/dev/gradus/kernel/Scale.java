package dev.gradus.kernel;

import dev.gradus.memory.OffHeap;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** {@code y = factor * x}. */
public abstract class Scale {
  private Scale() {}

  public static Scale of(final KernelMode mode) {
    return mode == KernelMode.VECTOR ? new Vector() : new Scalar();
  }

  /** Scales a range; in place where {@code y == x}, otherwise the ranges must not overlap. */
  public abstract void run(long x, long y, long count, float factor);

  private static final class Vector extends Scale {
    private static final VectorSpecies<Float> F = Lanes.F;
    private static final MemorySegment ALL = OffHeap.ALL;
    private static final ByteOrder ORDER = Lanes.ORDER;

    private final Scalar rest = new Scalar();

    @Override
    public void run(final long x, final long y, final long count, final float factor) {
      final long whole = F.loopBound(count);
      for (long i = 0; i < whole; i += Lanes.COUNT) {
        FloatVector.fromMemorySegment(F, ALL, x + i * Float.BYTES, ORDER)
            .mul(factor)
            .intoMemorySegment(ALL, y + i * Float.BYTES, ORDER);
      }
      final long done = whole * Float.BYTES;
      rest.run(x + done, y + done, count - whole, factor);
    }
  }

  private static final class Scalar extends Scale {
    @Override
    public void run(final long x, final long y, final long count, final float factor) {
      for (long i = 0; i < count; i++) {
        OffHeap.setFloat(y + i * Float.BYTES, factor * OffHeap.getFloat(x + i * Float.BYTES));
      }
    }
  }
}
