package dev.gradus.kernel;

import dev.gradus.memory.OffHeap;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@code y = x / (1 + |x|)}; {@code dX = dY * (1 - |y|)^2}, from y, which is 1 where {@code |x|} is
 * beyond 2^24. At most 1.5 ulp off.
 */
public final class Softsign implements Activation {
  public static final Softsign INSTANCE = new Softsign();

  // From here on the quotient rounds to 1; infinity would make it NaN.
  private static final float LARGE = 0x1p30f;

  private static final int SIGN = Integer.MIN_VALUE;

  private Softsign() {}

  @Override
  public String name() {
    return "softsign";
  }

  @Override
  public UnaryKernel forward(final KernelMode mode) {
    return mode == KernelMode.VECTOR ? new Vector() : new Scalar();
  }

  @Override
  public BinaryKernel gradient(final KernelMode mode) {
    return mode == KernelMode.VECTOR ? new VectorGradient() : new ScalarGradient();
  }

  private static final class Vector implements UnaryKernel {
    private static final VectorSpecies<Float> F = Lanes.F;
    private static final MemorySegment ALL = OffHeap.ALL;
    private static final ByteOrder ORDER = Lanes.ORDER;

    @Override
    public void run(final long x, final long y, final long count) {
      final long whole = F.loopBound(count);
      final VectorMask<Float> tail = F.indexInRange(whole, count);
      for (long i = 0; i < count; i += Lanes.COUNT) {
        final boolean full = i < whole;
        final FloatVector v =
            full
                ? FloatVector.fromMemorySegment(F, ALL, x + i * Float.BYTES, ORDER)
                : FloatVector.fromMemorySegment(F, ALL, x + i * Float.BYTES, ORDER, tail);
        final FloatVector magnitude = v.abs();
        final FloatVector c = magnitude.blend(LARGE, magnitude.compare(VectorOperators.GT, LARGE));
        final FloatVector quotient = c.div(c.add(1f));
        final FloatVector result =
            quotient.reinterpretAsInts().or(v.reinterpretAsInts().and(SIGN)).reinterpretAsFloats();
        if (full) {
          result.intoMemorySegment(ALL, y + i * Float.BYTES, ORDER);
        } else {
          result.intoMemorySegment(ALL, y + i * Float.BYTES, ORDER, tail);
        }
      }
    }
  }

  private static final class Scalar implements UnaryKernel {

    @Override
    public void run(final long x, final long y, final long count) {
      for (long i = 0; i < count; i++) {
        final float v = OffHeap.getFloat(x + i * Float.BYTES);
        final float magnitude = Math.abs(v);
        final float c = magnitude > LARGE ? LARGE : magnitude;
        final float quotient = c / (c + 1f);
        final float result =
            Float.intBitsToFloat(
                Float.floatToRawIntBits(quotient) | (Float.floatToRawIntBits(v) & SIGN));
        OffHeap.setFloat(y + i * Float.BYTES, result);
      }
    }
  }

  private static final class VectorGradient implements BinaryKernel {
    private static final VectorSpecies<Float> F = Lanes.F;
    private static final MemorySegment ALL = OffHeap.ALL;
    private static final ByteOrder ORDER = Lanes.ORDER;

    @Override
    public void run(final long y, final long dY, final long dX, final long count) {
      final long whole = F.loopBound(count);
      final VectorMask<Float> tail = F.indexInRange(whole, count);
      for (long i = 0; i < count; i += Lanes.COUNT) {
        final boolean full = i < whole;
        final FloatVector v =
            full
                ? FloatVector.fromMemorySegment(F, ALL, y + i * Float.BYTES, ORDER)
                : FloatVector.fromMemorySegment(F, ALL, y + i * Float.BYTES, ORDER, tail);
        final FloatVector gradient =
            full
                ? FloatVector.fromMemorySegment(F, ALL, dY + i * Float.BYTES, ORDER)
                : FloatVector.fromMemorySegment(F, ALL, dY + i * Float.BYTES, ORDER, tail);
        final FloatVector rest = FloatVector.broadcast(F, 1f).sub(v.abs());
        final FloatVector result = gradient.mul(rest.mul(rest));
        if (full) {
          result.intoMemorySegment(ALL, dX + i * Float.BYTES, ORDER);
        } else {
          result.intoMemorySegment(ALL, dX + i * Float.BYTES, ORDER, tail);
        }
      }
    }
  }

  private static final class ScalarGradient implements BinaryKernel {

    @Override
    public void run(final long y, final long dY, final long dX, final long count) {
      for (long i = 0; i < count; i++) {
        final float v = OffHeap.getFloat(y + i * Float.BYTES);
        final float gradient = OffHeap.getFloat(dY + i * Float.BYTES);
        final float rest = 1f - Math.abs(v);
        final float result = gradient * (rest * rest);
        OffHeap.setFloat(dX + i * Float.BYTES, result);
      }
    }
  }
}
