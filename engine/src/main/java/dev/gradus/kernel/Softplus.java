package dev.gradus.kernel;

import dev.gradus.memory.OffHeap;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@code y = log(1 + exp(x))}; {@code dX = dY * (1 - exp(-y))}. At most 3 ulp off, the gradient 3
 * from y.
 *
 * <p>With {@code t = exp(-|x|)}, see {@link Exp}, it is {@code max(x, 0) + log(1 + t)}; with {@code
 * r = 2 t / (2 + t)} that logarithm is {@code r + r^3 / 12 + r^5 / 80 + ...}, here a polynomial
 * with relative error 2e-9.
 */
public final class Softplus implements Activation {
  public static final Softplus INSTANCE = new Softplus();

  static final float L3 = 0.08333301640021447f;
  static final float L5 = 0.01250678111862899f;
  static final float L7 = 0.002187432375277007f;
  static final float L9 = 0.0005473532407410657f;

  private Softplus() {}

  /** {@code log(1 + t)} for t from 0 to 1, in scalar code. */
  static float log1p(final float t) {
    final float ratio = (t + t) / (t + 2f);
    final float z = ratio * ratio;
    float q = Fma.of(z, L9, L7);
    q = Fma.of(q, z, L5);
    q = Fma.of(q, z, L3);
    return Fma.of(q, ratio * z, ratio);
  }

  @Override
  public String name() {
    return "softplus";
  }

  @Override
  public Curvature curvature() {
    return new Curvature(1f, 0f, INSTANCE); // f' = 1 - exp(-y)
  }

  @Override
  public UnaryKernel forward(final KernelMode mode) {
    return mode == KernelMode.VECTOR ? new Prefetched(new Vector()) : new Scalar();
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
        final FloatVector negative = v.abs().neg();
        final FloatVector c =
            negative.blend(Exp.LOWEST, negative.compare(VectorOperators.LT, Exp.LOWEST));

        final FloatVector biased =
            c.fma(FloatVector.broadcast(F, Exp.LOG2_E), FloatVector.broadcast(F, Exp.ROUND));
        final FloatVector n = biased.sub(Exp.ROUND);
        FloatVector r = n.fma(FloatVector.broadcast(F, -Exp.LN2_HIGH), c);
        r = n.fma(FloatVector.broadcast(F, -Exp.LN2_LOW), r);
        FloatVector p = r.fma(FloatVector.broadcast(F, Exp.C6), FloatVector.broadcast(F, Exp.C5));
        p = p.fma(r, FloatVector.broadcast(F, Exp.C4));
        p = p.fma(r, FloatVector.broadcast(F, Exp.C3));
        p = p.fma(r, FloatVector.broadcast(F, Exp.C2));
        p = p.fma(r, FloatVector.broadcast(F, 1f));
        p = p.fma(r, FloatVector.broadcast(F, 1f));
        final FloatVector scale =
            biased
                .reinterpretAsInts()
                .lanewise(VectorOperators.LSHL, Exp.EXPONENT_SHIFT)
                .reinterpretAsFloats();
        final FloatVector big = p.mul(scale);

        final FloatVector t = big.mul(Exp.BACK);
        final FloatVector ratio = t.add(t).div(t.add(2f));
        final FloatVector z = ratio.mul(ratio);
        FloatVector q = z.fma(FloatVector.broadcast(F, L9), FloatVector.broadcast(F, L7));
        q = q.fma(z, FloatVector.broadcast(F, L5));
        q = q.fma(z, FloatVector.broadcast(F, L3));
        final FloatVector log = q.fma(ratio.mul(z), ratio);
        final FloatVector result = log.blend(log.add(v), v.compare(VectorOperators.GT, 0f));
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
        final float log = log1p(Exp.of(-Math.abs(v)));
        final float result = v > 0f ? log + v : log;
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
        final FloatVector negative = v.neg();
        final FloatVector c =
            negative.blend(
                Exp.LOWEST_MINUS_1, negative.compare(VectorOperators.LT, Exp.LOWEST_MINUS_1));

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
        final FloatVector scale =
            biased
                .reinterpretAsInts()
                .lanewise(VectorOperators.LSHL, Exp.EXPONENT_SHIFT)
                .reinterpretAsFloats();
        final FloatVector m = p.fma(scale, scale.sub(1f));

        final FloatVector result = gradient.mul(m.neg());
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
        final float result = gradient * -Exp.minus1(-v);
        OffHeap.setFloat(dX + i * Float.BYTES, result);
      }
    }
  }
}
