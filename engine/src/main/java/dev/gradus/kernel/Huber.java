package dev.gradus.kernel;

import dev.gradus.memory.GradusException;
import dev.gradus.memory.OffHeap;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * With {@code d = p - t}: {@code d^2 / 2} where {@code |d| <= delta}, {@code delta * (|d| - delta /
 * 2)} beyond. Divided by delta it is the smooth L1 loss, whose slope far away is 1 whatever the
 * delta, which PyTorch calls beta there.
 *
 * @param delta where the parabola goes over into lines, above 0.
 */
public record Huber(float delta, boolean divided) implements LossFunction {
  public Huber {
    if (!(delta > 0 && delta < Float.POSITIVE_INFINITY)) {
      throw GradusException.outOfRange(
          "delta of " + name(divided), "a finite number above 0", delta);
    }
  }

  private static String name(final boolean divided) {
    return divided ? "smooth-l1" : "huber";
  }

  @Override
  public String name() {
    return name(divided);
  }

  @Override
  public String describe() {
    return name() + '(' + delta + ')';
  }

  @Override
  public boolean symmetric() {
    return true;
  }

  private float divisor() {
    return divided ? delta : 1f;
  }

  @Override
  public float term(final float p, final float t) {
    final float d = Math.abs(p - t);
    final float near = d > delta ? delta : d;
    return near * (d - near * 0.5f) / divisor();
  }

  @Override
  public float slope(final float p, final float t) {
    final float d = p - t;
    return (d > delta ? delta : d < -delta ? -delta : d) / divisor();
  }

  @Override
  public BinaryKernel vectorTerms() {
    return new VectorTerms(delta, divisor());
  }

  @Override
  public BinaryKernel vectorSlopes() {
    return new VectorSlopes(delta, divisor());
  }

  private record VectorTerms(float delta, float divisor) implements BinaryKernel {
    private static final VectorSpecies<Float> F = Lanes.F;
    private static final MemorySegment ALL = OffHeap.ALL;
    private static final ByteOrder ORDER = Lanes.ORDER;

    @Override
    public void run(final long a, final long b, final long out, final long count) {
      for (long i = 0; i < count; i += Lanes.COUNT) {
        final FloatVector p = FloatVector.fromMemorySegment(F, ALL, a + i * Float.BYTES, ORDER);
        final FloatVector t = FloatVector.fromMemorySegment(F, ALL, b + i * Float.BYTES, ORDER);
        final FloatVector d = p.sub(t).abs();
        final FloatVector near = d.blend(delta, d.compare(VectorOperators.GT, delta));
        final FloatVector term = near.mul(d.sub(near.mul(0.5f))).div(divisor);
        term.intoMemorySegment(ALL, out + i * Float.BYTES, ORDER);
      }
    }
  }

  private record VectorSlopes(float delta, float divisor) implements BinaryKernel {
    private static final VectorSpecies<Float> F = Lanes.F;
    private static final MemorySegment ALL = OffHeap.ALL;
    private static final ByteOrder ORDER = Lanes.ORDER;

    @Override
    public void run(final long a, final long b, final long out, final long count) {
      for (long i = 0; i < count; i += Lanes.COUNT) {
        final FloatVector p = FloatVector.fromMemorySegment(F, ALL, a + i * Float.BYTES, ORDER);
        final FloatVector t = FloatVector.fromMemorySegment(F, ALL, b + i * Float.BYTES, ORDER);
        final FloatVector d = p.sub(t);
        final FloatVector near =
            d.blend(delta, d.compare(VectorOperators.GT, delta))
                .blend(-delta, d.compare(VectorOperators.LT, -delta));
        near.div(divisor).intoMemorySegment(ALL, out + i * Float.BYTES, ORDER);
      }
    }
  }
}
