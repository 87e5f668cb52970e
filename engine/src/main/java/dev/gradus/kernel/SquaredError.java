package dev.gradus.kernel;

import dev.gradus.memory.OffHeap;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** {@code (p - t)^2}. */
public record SquaredError() implements LossFunction {
  @Override
  public String name() {
    return "mse";
  }

  @Override
  public boolean symmetric() {
    return true;
  }

  @Override
  public float term(final float p, final float t) {
    return (p - t) * (p - t);
  }

  @Override
  public float slope(final float p, final float t) {
    return 2f * (p - t);
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
        final FloatVector d = p.sub(t);
        d.mul(d).intoMemorySegment(ALL, out + i * Float.BYTES, ORDER);
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
        p.sub(t).mul(2f).intoMemorySegment(ALL, out + i * Float.BYTES, ORDER);
      }
    }
  }
}
