package dev.gradus.kernel;

import dev.gradus.memory.OffHeap;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** {@code out = a + share * (b - a)}: a moving average a that takes in b. */
public final class MovingAverage {
  private MovingAverage() {}

  public static BinaryKernel of(final KernelMode mode, final float share) {
    return mode == KernelMode.VECTOR ? new Vector(share) : new Scalar(share);
  }

  private static final class Vector implements BinaryKernel {
    private static final VectorSpecies<Float> F = Lanes.F;
    private static final MemorySegment ALL = OffHeap.ALL;
    private static final ByteOrder ORDER = Lanes.ORDER;

    private final float share;
    private final Scalar rest;

    Vector(final float share) {
      this.share = share;
      this.rest = new Scalar(share);
    }

    @Override
    public void run(final long a, final long b, final long out, final long count) {
      final long whole = F.loopBound(count);
      for (long i = 0; i < whole; i += Lanes.COUNT) {
        final FloatVector old = FloatVector.fromMemorySegment(F, ALL, a + i * Float.BYTES, ORDER);
        final FloatVector more = FloatVector.fromMemorySegment(F, ALL, b + i * Float.BYTES, ORDER);
        old.add(more.sub(old).mul(share)).intoMemorySegment(ALL, out + i * Float.BYTES, ORDER);
      }
      final long done = whole * Float.BYTES;
      rest.run(a + done, b + done, out + done, count - whole);
    }
  }

  private static final class Scalar implements BinaryKernel {
    private final float share;

    Scalar(final float share) {
      this.share = share;
    }

    @Override
    public void run(final long a, final long b, final long out, final long count) {
      for (long i = 0; i < count; i++) {
        final float old = OffHeap.getFloat(a + i * Float.BYTES);
        final float more = OffHeap.getFloat(b + i * Float.BYTES);
        OffHeap.setFloat(out + i * Float.BYTES, old + (more - old) * share);
      }
    }
  }
}
