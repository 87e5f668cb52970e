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
 * {@code y = x} where {@code x > 0}, else {@code slope * x}; {@code dX = dY} where {@code y > 0},
 * else {@code slope * dY}. At most 0.5 ulp off. NaN stays NaN.
 *
 * <p>Source: Maas, Hannun and Ng, "Rectifier nonlinearities improve neural network acoustic
 * models", 2013.
 *
 * @param slope 0 or more, so that y has the sign of x.
 */
public record LeakyRelu(float slope) implements Activation {
  private static final String NAME = "leaky_relu";

  public LeakyRelu {
    if (!(slope >= 0f && slope < Float.POSITIVE_INFINITY)) {
      throw GradusException.outOfRange("slope of " + NAME, "0 or more, finite", slope);
    }
  }

  /** PyTorch's slope, 0.01. */
  public LeakyRelu() {
    this(0.01f);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String describe() {
    return slope == 0.01f ? NAME : NAME + "(" + slope + ")";
  }

  @Override
  public Curvature curvature() {
    return Curvature.NONE;
  }

  @Override
  public UnaryKernel forward(final KernelMode mode) {
    return mode == KernelMode.VECTOR ? new Vector(slope) : new Scalar(slope);
  }

  @Override
  public BinaryKernel gradient(final KernelMode mode) {
    return mode == KernelMode.VECTOR ? new VectorGradient(slope) : new ScalarGradient(slope);
  }

  private static final class Vector implements UnaryKernel {
    private static final VectorSpecies<Float> F = Lanes.F;
    private static final MemorySegment ALL = OffHeap.ALL;
    private static final ByteOrder ORDER = Lanes.ORDER;

    private final float slope;

    Vector(final float slope) {
      this.slope = slope;
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
        final FloatVector result = v.mul(slope).blend(v, v.compare(VectorOperators.GT, 0f));
        if (full) {
          result.intoMemorySegment(ALL, y + i * Float.BYTES, ORDER);
        } else {
          result.intoMemorySegment(ALL, y + i * Float.BYTES, ORDER, tail);
        }
      }
    }
  }

  private static final class Scalar implements UnaryKernel {
    private final float slope;

    Scalar(final float slope) {
      this.slope = slope;
    }

    @Override
    public void run(final long x, final long y, final long count) {
      for (long i = 0; i < count; i++) {
        final float v = OffHeap.getFloat(x + i * Float.BYTES);
        final float result = v > 0f ? v : v * slope;
        OffHeap.setFloat(y + i * Float.BYTES, result);
      }
    }
  }

  private static final class VectorGradient implements BinaryKernel {
    private static final VectorSpecies<Float> F = Lanes.F;
    private static final MemorySegment ALL = OffHeap.ALL;
    private static final ByteOrder ORDER = Lanes.ORDER;

    private final float slope;

    VectorGradient(final float slope) {
      this.slope = slope;
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
            gradient.mul(slope).blend(gradient, v.compare(VectorOperators.GT, 0f));
        if (full) {
          result.intoMemorySegment(ALL, dX + i * Float.BYTES, ORDER);
        } else {
          result.intoMemorySegment(ALL, dX + i * Float.BYTES, ORDER, tail);
        }
      }
    }
  }

  private static final class ScalarGradient implements BinaryKernel {
    private final float slope;

    ScalarGradient(final float slope) {
      this.slope = slope;
    }

    @Override
    public void run(final long y, final long dY, final long dX, final long count) {
      for (long i = 0; i < count; i++) {
        final float v = OffHeap.getFloat(y + i * Float.BYTES);
        final float gradient = OffHeap.getFloat(dY + i * Float.BYTES);
        final float result = v > 0f ? gradient : gradient * slope;
        OffHeap.setFloat(dX + i * Float.BYTES, result);
      }
    }
  }
}
