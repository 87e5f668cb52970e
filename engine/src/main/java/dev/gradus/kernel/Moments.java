package dev.gradus.kernel;

import dev.gradus.memory.OffHeap;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Sums over a stretch of memory that normalisation takes: leaves of 1024 elements, each in the
 * order of {@link Lanes}, and their sums added in double precision one after the other.
 */
public abstract class Moments {
  private static final long LEAF = 1024;

  /**
   * For stretches too short for vectors, to the same bits: where most calls pass the vector loop
   * by, C2 takes it for cold and leaves its calls as calls, each of which then makes an object.
   */
  private static final Scalar SHORT = new Scalar();

  private Moments() {}

  public static Moments of(final KernelMode mode) {
    return mode == KernelMode.VECTOR ? new Vector() : new Scalar();
  }

  /** {@code sum of x}. */
  public final double sum(final long x, final long count) {
    if (count < Lanes.SUMS) {
      return SHORT.sumLeaf(x, count);
    }
    double sum = 0;
    for (long i = 0; i < count; i += LEAF) {
      sum += sumLeaf(x + i * Float.BYTES, Math.min(LEAF, count - i));
    }
    return sum;
  }

  /** {@code sum of (x - mean)^2}. */
  public final double squares(final long x, final long count, final float mean) {
    if (count < Lanes.SUMS) {
      return SHORT.squaresLeaf(x, count, mean);
    }
    double sum = 0;
    for (long i = 0; i < count; i += LEAF) {
      sum += squaresLeaf(x + i * Float.BYTES, Math.min(LEAF, count - i), mean);
    }
    return sum;
  }

  /** {@code sum of (x - mean) * factor}. */
  public final double dot(final long x, final float mean, final long factor, final long count) {
    if (count < Lanes.SUMS) {
      return SHORT.dotLeaf(x, mean, factor, count);
    }
    double sum = 0;
    for (long i = 0; i < count; i += LEAF) {
      final long o = i * Float.BYTES;
      sum += dotLeaf(x + o, mean, factor + o, Math.min(LEAF, count - i));
    }
    return sum;
  }

  /** {@code sum of (x - mean) * first * second}. */
  public final double dot(
      final long x, final float mean, final long first, final long second, final long count) {
    if (count < Lanes.SUMS) {
      return SHORT.dotLeaf(x, mean, first, second, count);
    }
    double sum = 0;
    for (long i = 0; i < count; i += LEAF) {
      final long o = i * Float.BYTES;
      sum += dotLeaf(x + o, mean, first + o, second + o, Math.min(LEAF, count - i));
    }
    return sum;
  }

  abstract float sumLeaf(long x, long count);

  abstract float squaresLeaf(long x, long count, float mean);

  abstract float dotLeaf(long x, float mean, long factor, long count);

  abstract float dotLeaf(long x, float mean, long first, long second, long count);

  private static float centred(final long x, final long i, final float mean) {
    return OffHeap.getFloat(x + i * Float.BYTES) - mean;
  }

  private static final class Vector extends Moments {
    private static final VectorSpecies<Float> F = Lanes.F;
    private static final MemorySegment ALL = OffHeap.ALL;
    private static final ByteOrder ORDER = Lanes.ORDER;

    @Override
    float sumLeaf(final long x, final long count) {
      return Sum.Vector.row(x, count);
    }

    @Override
    float squaresLeaf(final long x, final long count, final float mean) {
      final long whole = count & -Lanes.SUMS;
      float sum = 0f;
      if (whole > 0) {
        FloatVector first = FloatVector.zero(F);
        FloatVector second = FloatVector.zero(F);
        for (long i = 0; i < whole; i += Lanes.SUMS) {
          final FloatVector v =
              FloatVector.fromMemorySegment(F, ALL, x + i * Float.BYTES, ORDER).sub(mean);
          first = first.add(v.mul(v));
          if (Lanes.TWO_VECTORS) {
            final long next = x + (i + Lanes.COUNT) * Float.BYTES;
            final FloatVector w = FloatVector.fromMemorySegment(F, ALL, next, ORDER).sub(mean);
            second = second.add(w.mul(w));
          }
        }
        FloatVector s = first.add(Lanes.TWO_VECTORS ? second : first.rearrange(Lanes.BY_8));
        s = s.add(s.rearrange(Lanes.BY_4));
        s = s.add(s.rearrange(Lanes.BY_2));
        s = s.add(s.rearrange(Lanes.BY_1));
        sum = s.lane(0);
      }
      for (long i = whole; i < count; i++) {
        final float v = centred(x, i, mean);
        sum += v * v;
      }
      return sum;
    }

    @Override
    float dotLeaf(final long x, final float mean, final long factor, final long count) {
      final long whole = count & -Lanes.SUMS;
      float sum = 0f;
      if (whole > 0) {
        FloatVector first = FloatVector.zero(F);
        FloatVector second = FloatVector.zero(F);
        for (long i = 0; i < whole; i += Lanes.SUMS) {
          final long o = i * Float.BYTES;
          first =
              first.add(
                  FloatVector.fromMemorySegment(F, ALL, x + o, ORDER)
                      .sub(mean)
                      .mul(FloatVector.fromMemorySegment(F, ALL, factor + o, ORDER)));
          if (Lanes.TWO_VECTORS) {
            final long next = o + (long) Lanes.COUNT * Float.BYTES;
            second =
                second.add(
                    FloatVector.fromMemorySegment(F, ALL, x + next, ORDER)
                        .sub(mean)
                        .mul(FloatVector.fromMemorySegment(F, ALL, factor + next, ORDER)));
          }
        }
        FloatVector s = first.add(Lanes.TWO_VECTORS ? second : first.rearrange(Lanes.BY_8));
        s = s.add(s.rearrange(Lanes.BY_4));
        s = s.add(s.rearrange(Lanes.BY_2));
        s = s.add(s.rearrange(Lanes.BY_1));
        sum = s.lane(0);
      }
      for (long i = whole; i < count; i++) {
        sum += centred(x, i, mean) * OffHeap.getFloat(factor + i * Float.BYTES);
      }
      return sum;
    }

    @Override
    float dotLeaf(
        final long x, final float mean, final long one, final long other, final long count) {
      final long whole = count & -Lanes.SUMS;
      float sum = 0f;
      if (whole > 0) {
        FloatVector first = FloatVector.zero(F);
        FloatVector second = FloatVector.zero(F);
        for (long i = 0; i < whole; i += Lanes.SUMS) {
          final long o = i * Float.BYTES;
          first =
              first.add(
                  FloatVector.fromMemorySegment(F, ALL, x + o, ORDER)
                      .sub(mean)
                      .mul(
                          FloatVector.fromMemorySegment(F, ALL, one + o, ORDER)
                              .mul(FloatVector.fromMemorySegment(F, ALL, other + o, ORDER))));
          if (Lanes.TWO_VECTORS) {
            final long next = o + (long) Lanes.COUNT * Float.BYTES;
            second =
                second.add(
                    FloatVector.fromMemorySegment(F, ALL, x + next, ORDER)
                        .sub(mean)
                        .mul(
                            FloatVector.fromMemorySegment(F, ALL, one + next, ORDER)
                                .mul(FloatVector.fromMemorySegment(F, ALL, other + next, ORDER))));
          }
        }
        FloatVector s = first.add(Lanes.TWO_VECTORS ? second : first.rearrange(Lanes.BY_8));
        s = s.add(s.rearrange(Lanes.BY_4));
        s = s.add(s.rearrange(Lanes.BY_2));
        s = s.add(s.rearrange(Lanes.BY_1));
        sum = s.lane(0);
      }
      for (long i = whole; i < count; i++) {
        final long o = i * Float.BYTES;
        sum += centred(x, i, mean) * (OffHeap.getFloat(one + o) * OffHeap.getFloat(other + o));
      }
      return sum;
    }
  }

  private static final class Scalar extends Moments {
    @Override
    float sumLeaf(final long x, final long count) {
      return Sum.Scalar.row(x, count);
    }

    @Override
    float squaresLeaf(final long x, final long count, final float mean) {
      final long whole = count & -Lanes.SUMS;
      float sum =
          (squares(x, whole, mean, 0) + squares(x, whole, mean, 2))
              + (squares(x, whole, mean, 1) + squares(x, whole, mean, 3));
      for (long i = whole; i < count; i++) {
        final float v = centred(x, i, mean);
        sum += v * v;
      }
      return sum;
    }

    /** Running sums {@code lane}, and those 4, 8 and 12 behind it, added up. */
    private static float squares(final long x, final long count, final float mean, final int lane) {
      float s0 = 0f;
      float s4 = 0f;
      float s8 = 0f;
      float s12 = 0f;
      for (long i = lane; i < count; i += Lanes.SUMS) {
        final float v0 = centred(x, i, mean);
        final float v4 = centred(x, i + 4, mean);
        final float v8 = centred(x, i + 8, mean);
        final float v12 = centred(x, i + 12, mean);
        s0 += v0 * v0;
        s4 += v4 * v4;
        s8 += v8 * v8;
        s12 += v12 * v12;
      }
      return (s0 + s8) + (s4 + s12);
    }

    @Override
    float dotLeaf(final long x, final float mean, final long factor, final long count) {
      final long whole = count & -Lanes.SUMS;
      float sum =
          (products(x, mean, factor, whole, 0) + products(x, mean, factor, whole, 2))
              + (products(x, mean, factor, whole, 1) + products(x, mean, factor, whole, 3));
      for (long i = whole; i < count; i++) {
        sum += product(x, mean, factor, i);
      }
      return sum;
    }

    private static float product(final long x, final float mean, final long factor, final long i) {
      return centred(x, i, mean) * OffHeap.getFloat(factor + i * Float.BYTES);
    }

    private static float products(
        final long x, final float mean, final long factor, final long count, final int lane) {
      float s0 = 0f;
      float s4 = 0f;
      float s8 = 0f;
      float s12 = 0f;
      for (long i = lane; i < count; i += Lanes.SUMS) {
        s0 += product(x, mean, factor, i);
        s4 += product(x, mean, factor, i + 4);
        s8 += product(x, mean, factor, i + 8);
        s12 += product(x, mean, factor, i + 12);
      }
      return (s0 + s8) + (s4 + s12);
    }

    @Override
    float dotLeaf(
        final long x, final float mean, final long one, final long other, final long count) {
      final long whole = count & -Lanes.SUMS;
      float sum =
          (products(x, mean, one, other, whole, 0) + products(x, mean, one, other, whole, 2))
              + (products(x, mean, one, other, whole, 1) + products(x, mean, one, other, whole, 3));
      for (long i = whole; i < count; i++) {
        sum += product(x, mean, one, other, i);
      }
      return sum;
    }

    private static float product(
        final long x, final float mean, final long one, final long other, final long i) {
      final long o = i * Float.BYTES;
      return centred(x, i, mean) * (OffHeap.getFloat(one + o) * OffHeap.getFloat(other + o));
    }

    private static float products(
        final long x,
        final float mean,
        final long one,
        final long other,
        final long count,
        final int lane) {
      float s0 = 0f;
      float s4 = 0f;
      float s8 = 0f;
      float s12 = 0f;
      for (long i = lane; i < count; i += Lanes.SUMS) {
        s0 += product(x, mean, one, other, i);
        s4 += product(x, mean, one, other, i + 4);
        s8 += product(x, mean, one, other, i + 8);
        s12 += product(x, mean, one, other, i + 12);
      }
      return (s0 + s8) + (s4 + s12);
    }
  }
}
