package dev.gradus.kernel;

import dev.gradus.memory.OffHeap;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** {@code y = max(-bound, min(x, bound))}; NaN stays NaN. */
public final class Clamp {
  private Clamp() {}

  public static UnaryKernel of(final KernelMode mode, final float bound) {
    return mode == KernelMode.VECTOR ? new Vector(bound) : new Scalar(bound);
  }

  private static final class Vector implements UnaryKernel {
    private static final VectorSpecies<Float> F = Lanes.F;
    private static final MemorySegment ALL = OffHeap.ALL;
    private static final ByteOrder ORDER = Lanes.ORDER;

    private final float bound;
    private final Scalar rest;

    Vector(final float bound) {
      this.bound = bound;
      this.rest = new Scalar(bound);
    }

    @Override
    public void run(final long x, final long y, final long count) {
      final long whole = F.loopBound(count);
      for (long i = 0; i < whole; i += Lanes.COUNT) {
        FloatVector.fromMemorySegment(F, ALL, x + i * Float.BYTES, ORDER)
            .min(bound)
            .max(-bound)
            .intoMemorySegment(ALL, y + i * Float.BYTES, ORDER);
      }
      final long done = whole * Float.BYTES;
      rest.run(x + done, y + done, count - whole);
    }
  }

  private static final class Scalar implements UnaryKernel {
    private final float bound;

    Scalar(final float bound) {
      this.bound = bound;
    }

    @Override
    public void run(final long x, final long y, final long count) {
      for (long i = 0; i < count; i++) {
        final float value = OffHeap.getFloat(x + i * Float.BYTES);
        OffHeap.setFloat(y + i * Float.BYTES, Math.max(Math.min(value, bound), -bound));
      }
    }
  }
}
