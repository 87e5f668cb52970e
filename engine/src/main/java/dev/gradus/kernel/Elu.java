package dev.gradus.kernel;

import dev.gradus.memory.GradusException;
import dev.gradus.memory.OffHeap;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@code y = x} where {@code x > 0}, else {@code alpha * (exp(x) - 1)}; {@code dX = dY} where
 * {@code y > 0}, else {@code dY * (y + alpha)}. At most 3 ulp off, with {@code exp(x) - 1} as in
 * {@link Tanh}. NaN stays NaN.
 *
 * <p>Source: Clevert, Unterthiner and Hochreiter, "Fast and accurate deep network learning by
 * exponential linear units", 2015.
 *
 * @param alpha more than 0, so that y has the sign of x.
 */
public record Elu(float alpha) implements Activation {
  private static final String NAME = "elu";

  public Elu {
    if (!(alpha > 0f && alpha < Float.POSITIVE_INFINITY)) {
      throw GradusException.outOfRange("alpha of " + NAME, "more than 0, finite", alpha);
    }
  }

  /** Alpha 1. */
  public Elu() {
    this(1f);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String describe() {
    return alpha == 1f ? NAME : NAME + "(" + alpha + ")";
  }

  @Override
  public Curvature curvature() {
    return new Curvature(
        1f, 0f, Relu.INSTANCE); // f' = y + alpha below 0, else 1: bent below 0 alone
  }

  @Override
  public UnaryKernel forward(final KernelMode mode) {
    return forward(mode, 1f, alpha);
  }

  @Override
  public BinaryKernel gradient(final KernelMode mode) {
    return gradient(mode, 1f, alpha);
  }

  /** {@code y = scale * x} where {@code x > 0}, else {@code floor * (exp(x) - 1)}. */
  static UnaryKernel forward(final KernelMode mode, final float scale, final float floor) {
    return mode == KernelMode.VECTOR ? new Vector(scale, floor) : new Scalar(scale, floor);
  }

  /** {@code dX = scale * dY} where {@code y > 0}, else {@code dY * (y + floor)}. */
  static BinaryKernel gradient(final KernelMode mode, final float scale, final float floor) {
    return mode == KernelMode.VECTOR
        ? new VectorGradient(scale, floor)
        : new ScalarGradient(scale, floor);
  }

  private static final class Vector implements UnaryKernel {
    private static final VectorSpecies<Float> F = Lanes.F;
    private static final MemorySegment ALL = OffHeap.ALL;
    private static final ByteOrder ORDER = Lanes.ORDER;

    private final float scale;
    private final float floor;

    Vector(final float scale, final float floor) {
      this.scale = scale;
      this.floor = floor;
    }

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
        final FloatVector low =
            v.blend(Exp.LOWEST_MINUS_1, v.compare(VectorOperators.LT, Exp.LOWEST_MINUS_1));
        final FloatVector c = low.blend(0f, v.compare(VectorOperators.GT, 0f));

        final FloatVector biased =
            c.fma(FloatVector.broadcast(F, Exp.LOG2_E), FloatVector.broadcast(F, Exp.PLAIN_ROUND));
        final FloatVector n = biased.sub(Exp.PLAIN_ROUND);
        FloatVector r = n.fma(FloatVector.broadcast(F, -Exp.LN2_HIGH), c);
        r = n.fma(FloatVector.broadcast(F, -Exp.LN2_LOW), r);
        FloatVector p = r.fma(FloatVector.broadcast(F, Exp.C6), FloatVector.broadcast(F, Exp.C5));
        p = p.fma(r, FloatVector.broadcast(F, Exp.C4));
        p = p.fma(r, FloatVector.broadcast(F, Exp.C3));
        p = p.fma(r, FloatVector.broadcast(F, Exp.C2));
        p = p.fma(r.mul(r), r);
        final FloatVector power =
            biased
                .reinterpretAsInts()
                .lanewise(VectorOperators.LSHL, Exp.EXPONENT_SHIFT)
                .reinterpretAsFloats();
        final FloatVector m = p.fma(power, power.sub(1f));

        final FloatVector result =
            m.mul(floor).blend(v.mul(scale), v.compare(VectorOperators.GT, 0f));
        if (full) {
          result.intoMemorySegment(ALL, y + i * Float.BYTES, ORDER);
        } else {
          result.intoMemorySegment(ALL, y + i * Float.BYTES, ORDER, tail);
        }
      }
    }
  }

  private static final class Scalar implements UnaryKernel {
    private final float scale;
    private final float floor;

    Scalar(final float scale, final float floor) {
      this.scale = scale;
      this.floor = floor;
    }

    @Override
    public void run(final long x, final long y, final long count) {
      for (long i = 0; i < count; i++) {
        final float v = OffHeap.getFloat(x + i * Float.BYTES);
        final float result = v > 0f ? v * scale : Exp.minus1(v) * floor;
        OffHeap.setFloat(y + i * Float.BYTES, result);
      }
    }
  }

  private static final class VectorGradient implements BinaryKernel {
    private static final VectorSpecies<Float> F = Lanes.F;
    private static final MemorySegment ALL = OffHeap.ALL;
    private static final ByteOrder ORDER = Lanes.ORDER;

    private final float scale;
    private final float floor;

    VectorGradient(final float scale, final float floor) {
      this.scale = scale;
      this.floor = floor;
    }

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
        final FloatVector result =
            gradient
                .mul(v.add(floor))
                .blend(gradient.mul(scale), v.compare(VectorOperators.GT, 0f));
        if (full) {
          result.intoMemorySegment(ALL, dX + i * Float.BYTES, ORDER);
        } else {
          result.intoMemorySegment(ALL, dX + i * Float.BYTES, ORDER, tail);
        }
      }
    }
  }

  private static final class ScalarGradient implements BinaryKernel {
    private final float scale;
    private final float floor;

    ScalarGradient(final float scale, final float floor) {
      this.scale = scale;
      this.floor = floor;
    }

    @Override
    public void run(final long y, final long dY, final long dX, final long count) {
      for (long i = 0; i < count; i++) {
        final float v = OffHeap.getFloat(y + i * Float.BYTES);
        final float gradient = OffHeap.getFloat(dY + i * Float.BYTES);
        final float result = v > 0f ? gradient * scale : gradient * (v + floor);
        OffHeap.setFloat(dX + i * Float.BYTES, result);
      }
    }
  }
}
