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
 * Binary cross-entropy of a logit {@code x} and the probability {@code t} of the positive class:
 * {@code (1 - t) * softplus(x) + weight * t * softplus(-x)}. With {@code e = exp(-|x|)}, {@code
 * softplus(x) = max(x, 0) + log(1 + e)}, so that no logit overflows and nothing cancels.
 *
 * @param positiveWeight what errors about the positive class count, above 0; 1 is usual.
 */
public record BinaryCrossEntropy(float positiveWeight) implements LossFunction {
  public BinaryCrossEntropy {
    if (!(positiveWeight > 0 && positiveWeight < Float.POSITIVE_INFINITY)) {
      throw GradusException.outOfRange(
          "positive weight of binary-cross-entropy", "a finite number above 0", positiveWeight);
    }
  }

  @Override
  public String name() {
    return "binary-cross-entropy";
  }

  @Override
  public String describe() {
    return name() + '(' + positiveWeight + ')';
  }

  @Override
  public float lowestTarget() {
    return 0f;
  }

  @Override
  public float highestTarget() {
    return 1f;
  }

  @Override
  public float term(final float x, final float t) {
    final float log = Softplus.log1p(Exp.of(-Math.abs(x)));
    final float above = x > 0f ? x : 0f;
    final float below = x < 0f ? -x : 0f;
    return (1f - t) * (above + log) + t * positiveWeight * (below + log);
  }

  @Override
  public float slope(final float x, final float t) {
    final float exp = Exp.of(-Math.abs(x));
    final float large = 1f / (exp + 1f);
    final float small = exp * large;
    final boolean positive = x > 0f;
    return (1f - t) * (positive ? large : small) - t * positiveWeight * (positive ? small : large);
  }

  @Override
  public BinaryKernel vectorTerms() {
    return new VectorTerms(positiveWeight);
  }

  @Override
  public BinaryKernel vectorSlopes() {
    return new VectorSlopes(positiveWeight);
  }

  private record VectorTerms(float positiveWeight) implements BinaryKernel {
    private static final VectorSpecies<Float> F = Lanes.F;
    private static final MemorySegment ALL = OffHeap.ALL;
    private static final ByteOrder ORDER = Lanes.ORDER;

    @Override
    public void run(final long a, final long b, final long out, final long count) {
      for (long i = 0; i < count; i += Lanes.COUNT) {
        final FloatVector p = FloatVector.fromMemorySegment(F, ALL, a + i * Float.BYTES, ORDER);
        final FloatVector t = FloatVector.fromMemorySegment(F, ALL, b + i * Float.BYTES, ORDER);
        final FloatVector negative = p.abs().neg();
        final FloatVector c =
            negative.blend(Exp.LOWEST, negative.compare(VectorOperators.LT, Exp.LOWEST));

        final FloatVector biased =
            c.fma(FloatVector.broadcast(F, Exp.LOG2_E), FloatVector.broadcast(F, Exp.ROUND));
        final FloatVector n = biased.sub(Exp.ROUND);
        FloatVector r = n.fma(FloatVector.broadcast(F, -Exp.LN2_HIGH), c);
        r = n.fma(FloatVector.broadcast(F, -Exp.LN2_LOW), r);
        FloatVector e = r.fma(FloatVector.broadcast(F, Exp.C6), FloatVector.broadcast(F, Exp.C5));
        e = e.fma(r, FloatVector.broadcast(F, Exp.C4));
        e = e.fma(r, FloatVector.broadcast(F, Exp.C3));
        e = e.fma(r, FloatVector.broadcast(F, Exp.C2));
        e = e.fma(r, FloatVector.broadcast(F, 1f));
        e = e.fma(r, FloatVector.broadcast(F, 1f));
        final FloatVector scale =
            biased
                .reinterpretAsInts()
                .lanewise(VectorOperators.LSHL, Exp.EXPONENT_SHIFT)
                .reinterpretAsFloats();
        final FloatVector big = e.mul(scale);

        final FloatVector exp = big.mul(Exp.BACK);
        final FloatVector ratio = exp.add(exp).div(exp.add(2f));
        final FloatVector z = ratio.mul(ratio);
        FloatVector q =
            z.fma(FloatVector.broadcast(F, Softplus.L9), FloatVector.broadcast(F, Softplus.L7));
        q = q.fma(z, FloatVector.broadcast(F, Softplus.L5));
        q = q.fma(z, FloatVector.broadcast(F, Softplus.L3));
        final FloatVector log = q.fma(ratio.mul(z), ratio);
        final FloatVector zero = FloatVector.zero(F);
        final FloatVector above = zero.blend(p, p.compare(VectorOperators.GT, 0f));
        final FloatVector below = zero.blend(p.neg(), p.compare(VectorOperators.LT, 0f));
        final FloatVector negatives = t.neg().add(1f).mul(above.add(log));
        final FloatVector positives = t.mul(positiveWeight).mul(below.add(log));
        negatives.add(positives).intoMemorySegment(ALL, out + i * Float.BYTES, ORDER);
      }
    }
  }

  private record VectorSlopes(float positiveWeight) implements BinaryKernel {
    private static final VectorSpecies<Float> F = Lanes.F;
    private static final MemorySegment ALL = OffHeap.ALL;
    private static final ByteOrder ORDER = Lanes.ORDER;

    @Override
    public void run(final long a, final long b, final long out, final long count) {
      for (long i = 0; i < count; i += Lanes.COUNT) {
        final FloatVector p = FloatVector.fromMemorySegment(F, ALL, a + i * Float.BYTES, ORDER);
        final FloatVector t = FloatVector.fromMemorySegment(F, ALL, b + i * Float.BYTES, ORDER);
        final FloatVector negative = p.abs().neg();
        final FloatVector c =
            negative.blend(Exp.LOWEST, negative.compare(VectorOperators.LT, Exp.LOWEST));

        final FloatVector biased =
            c.fma(FloatVector.broadcast(F, Exp.LOG2_E), FloatVector.broadcast(F, Exp.ROUND));
        final FloatVector n = biased.sub(Exp.ROUND);
        FloatVector r = n.fma(FloatVector.broadcast(F, -Exp.LN2_HIGH), c);
        r = n.fma(FloatVector.broadcast(F, -Exp.LN2_LOW), r);
        FloatVector e = r.fma(FloatVector.broadcast(F, Exp.C6), FloatVector.broadcast(F, Exp.C5));
        e = e.fma(r, FloatVector.broadcast(F, Exp.C4));
        e = e.fma(r, FloatVector.broadcast(F, Exp.C3));
        e = e.fma(r, FloatVector.broadcast(F, Exp.C2));
        e = e.fma(r, FloatVector.broadcast(F, 1f));
        e = e.fma(r, FloatVector.broadcast(F, 1f));
        final FloatVector scale =
            biased
                .reinterpretAsInts()
                .lanewise(VectorOperators.LSHL, Exp.EXPONENT_SHIFT)
                .reinterpretAsFloats();
        final FloatVector big = e.mul(scale);

        final FloatVector exp = big.mul(Exp.BACK);
        final FloatVector large = FloatVector.broadcast(F, 1f).div(exp.add(1f));
        final FloatVector small = exp.mul(large);
        final VectorMask<Float> positive = p.compare(VectorOperators.GT, 0f);
        final FloatVector negatives = t.neg().add(1f).mul(small.blend(large, positive));
        final FloatVector positives = t.mul(positiveWeight).mul(large.blend(small, positive));
        negatives.sub(positives).intoMemorySegment(ALL, out + i * Float.BYTES, ORDER);
      }
    }
  }
}
