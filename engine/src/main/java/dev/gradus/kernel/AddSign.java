package dev.gradus.kernel;

import dev.gradus.memory.OffHeap;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@code out = a + strength * sign(b)}, with a sign of 0 for 0: the gradient a of a parameter b
 * whose absolute values are penalised.
 */
public final class AddSign {
  private AddSign() {}

  public static BinaryKernel of(final KernelMode mode, final float strength) {
    return mode == KernelMode.VECTOR ? new Vector(strength) : new Scalar(strength);
  }

  private static final class Vector implements BinaryKernel {
    private static final VectorSpecies<Float> F = Lanes.F;
    private static final MemorySegment ALL = OffHeap.ALL;
    private static final ByteOrder ORDER = Lanes.ORDER;

    private final float strength;
    private final Scalar rest;

    Vector(final float strength) {
      this.strength = strength;
      this.rest = new Scalar(strength);
    }

    @Override
    public void run(final long a, final long b, final long out, final long count) {
      final FloatVector zero = FloatVector.zero(F);
      final long whole = F.loopBound(count);
      for (long i = 0; i < whole; i += Lanes.COUNT) {
        final FloatVector left = FloatVector.fromMemorySegment(F, ALL, a + i * Float.BYTES, ORDER);
        final FloatVector right = FloatVector.fromMemorySegment(F, ALL, b + i * Float.BYTES, ORDER);
        final VectorMask<Float> above = right.compare(VectorOperators.GT, zero);
        final VectorMask<Float> below = right.compare(VectorOperators.LT, zero);
        left.add(zero.blend(strength, above).blend(-strength, below))
            .intoMemorySegment(ALL, out + i * Float.BYTES, ORDER);
      }
      final long done = whole * Float.BYTES;
      rest.run(a + done, b + done, out + done, count - whole);
    }
  }

  private static final class Scalar implements BinaryKernel {
    private final float strength;

    Scalar(final float strength) {
      this.strength = strength;
    }

    @Override
    public void run(final long a, final long b, final long out, final long count) {
      for (long i = 0; i < count; i++) {
        final float right = OffHeap.getFloat(b + i * Float.BYTES);
        final float sign = right > 0 ? strength : right < 0 ? -strength : 0f;
        OffHeap.setFloat(out + i * Float.BYTES, OffHeap.getFloat(a + i * Float.BYTES) + sign);
      }
    }
  }
}
