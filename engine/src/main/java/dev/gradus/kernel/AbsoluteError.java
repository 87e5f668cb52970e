package dev.gradus.kernel;

import dev.gradus.memory.OffHeap;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** {@code |p - t|}; the derivative at 0 is 0. */
public record AbsoluteError() implements LossFunction {
  @Override
  public String name() {
    return "mae";
  }

  @Override
  public boolean symmetric() {
    return true;
  }

  @Override
  public float term(final float p, final float t) {
    return Math.abs(p - t);
  }

  @Override
  public float slope(final float p, final float t) {
    final float d = p - t;
    return d > 0f ? 1f : d < 0f ? -1f : d;
  }

  @Override
  public BinaryKernel vectorTerms() {
    return new VectorTerms();
  }

  @Override
  public BinaryKernel vectorSlopes() {
    return new VectorSlopes();
  }

  private static final class VectorTerms implements BinaryKernel {
    private static final VectorSpecies<Float> F = Lanes.F;
    private static final MemorySegment ALL = OffHeap.ALL;
    private static final ByteOrder ORDER = Lanes.ORDER;

    @Override
    public void run(final long a, final long b, final long out, final long count) {
      for (long i = 0; i < count; i += Lanes.COUNT) {
        final FloatVector p = FloatVector.fromMemorySegment(F, ALL, a + i * Float.BYTES, ORDER);
        final FloatVector t = FloatVector.fromMemorySegment(F, ALL, b + i * Float.BYTES, ORDER);
        p.sub(t).abs().intoMemorySegment(ALL, out + i * Float.BYTES, ORDER);
      }
    }
  }

  private static final class VectorSlopes implements BinaryKernel {
    private static final VectorSpecies<Float> F = Lanes.F;
    private static final MemorySegment ALL = OffHeap.ALL;
    private static final ByteOrder ORDER = Lanes.ORDER;

    @Override
    public void run(final long a, final long b, final long out, final long count) {
      for (long i = 0; i < count; i += Lanes.COUNT) {
        final FloatVector p = FloatVector.fromMemorySegment(F, ALL, a + i * Float.BYTES, ORDER);
        final FloatVector t = FloatVector.fromMemorySegment(F, ALL, b + i * Float.BYTES, ORDER);
        final FloatVector d = p.sub(t);
        final FloatVector sign =
            d.blend(1f, d.compare(VectorOperators.GT, 0f))
                .blend(-1f, d.compare(VectorOperators.LT, 0f));
        sign.intoMemorySegment(ALL, out + i * Float.BYTES, ORDER);
      }
    }
  }
}
