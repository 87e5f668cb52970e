package dev.gradus.kernel;

import dev.gradus.memory.OffHeap;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@code y = x * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 x^3))) / 2}, the usual approximation of
 * {@link Gelu}. At most 4 ulp off over all floats, subnormal results included; -0 at negative
 * infinity. The gradient, from x, is within 6 ulp of the larger of its two terms.
 *
 * <p>It is {@code x * sigmoid(w)} with {@code w = LINEAR x + CUBIC x^3}, see {@link Silu}; w is
 * computed with what its roundings lose, which would cost a hundred ulp of the exponential.
 *
 * <p>Source: Hendrycks and Gimpel, "Gaussian error linear units", 2016.
 */
public final class GeluTanh implements Activation {
  public static final GeluTanh INSTANCE = new GeluTanh();

  // y rounds to 0 at its negative.
  private static final float FAR = 11f;

  /** {@code 2 sqrt(2 / pi)}, in two parts. */
  private static final float LINEAR = 0x1.988454p0f;

  private static final float LINEAR_LOW = -0x1.857936p-25f;

  /** {@code 0.044715} of that, in two parts. */
  private static final float CUBIC = 0x1.2444f2p-4f;

  private static final float CUBIC_LOW = 0x1.49b16ap-29f;

  private GeluTanh() {}

  @Override
  public String name() {
    return "gelu_tanh";
  }

  @Override
  public boolean gradientFromInput() {
    return true;
  }

  @Override
  public UnaryKernel forward(final KernelMode mode) {
    return mode == KernelMode.VECTOR ? new Prefetched(new Vector()) : new Scalar();
  }

  @Override
  public BinaryKernel gradient(final KernelMode mode) {
    return mode == KernelMode.VECTOR ? new VectorGradient() : new ScalarGradient();
  }

  /** {@code exp(-w)} times 2^64 in scalar code; what is lost in the sum after Knuth's TwoSum. */
  private static float exponential(final float a, final float square) {
    final float cubic = square * CUBIC;
    final float factor = cubic + LINEAR;
    final float back = factor - LINEAR;
    final float lost = LINEAR - (factor - back) + (cubic - back);
    final float squareLost = Fma.of(a, a, -square);
    final float cubicLost = Fma.of(square, CUBIC, -cubic) + squareLost * CUBIC + square * CUBIC_LOW;
    final float factorLost = lost + cubicLost + LINEAR_LOW;
    final float c = -(a * factor);
    return Exp.scaled(c, -(Fma.of(a, factor, c) + a * factorLost));
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
        final FloatVector a = magnitude.blend(FAR, magnitude.compare(VectorOperators.GT, FAR));
        final FloatVector square = a.mul(a);
        final FloatVector cubic = square.mul(CUBIC);
        final FloatVector factor = cubic.add(LINEAR);
        final FloatVector back = factor.sub(LINEAR);
        final FloatVector lost =
            FloatVector.broadcast(F, LINEAR).sub(factor.sub(back)).add(cubic.sub(back));
        final FloatVector squareLost = a.fma(a, square.neg());
        final FloatVector cubicLost =
            square
                .fma(FloatVector.broadcast(F, CUBIC), cubic.neg())
                .add(squareLost.mul(CUBIC))
                .add(square.mul(CUBIC_LOW));
        final FloatVector factorLost = lost.add(cubicLost).add(LINEAR_LOW);
        final FloatVector c = a.mul(factor).neg();
        final FloatVector low = a.fma(factor, c).add(a.mul(factorLost)).neg();

        final FloatVector biased =
            c.fma(FloatVector.broadcast(F, Exp.LOG2_E), FloatVector.broadcast(F, Exp.ROUND));
        final FloatVector n = biased.sub(Exp.ROUND);
        FloatVector r = n.fma(FloatVector.broadcast(F, -Exp.LN2_HIGH), c);
        r = n.fma(FloatVector.broadcast(F, -Exp.LN2_LOW), r).add(low);
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
        final VectorMask<Float> positive = v.compare(VectorOperators.GE, 0f);

        final FloatVector numerator = a.neg().mul(big).blend(v, positive);
        final FloatVector quotient = numerator.div(big.mul(Exp.BACK).add(1f));
        final FloatVector result = quotient.mul(Exp.BACK).blend(quotient, positive);
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
        final float a = magnitude > FAR ? FAR : magnitude;
        final float square = a * a;
        final float big = exponential(a, square);

        final float quotient = (v >= 0f ? v : -a * big) / (big * Exp.BACK + 1f);
        final float result = v >= 0f ? quotient : quotient * Exp.BACK;
        OffHeap.setFloat(y + i * Float.BYTES, result);
      }
    }
  }

  private static final class VectorGradient implements BinaryKernel {
    private static final VectorSpecies<Float> F = Lanes.F;
    private static final MemorySegment ALL = OffHeap.ALL;
    private static final ByteOrder ORDER = Lanes.ORDER;

    @Override
    public void run(final long x, final long dY, final long dX, final long count) {
      final long whole = F.loopBound(count);
      final VectorMask<Float> tail = F.indexInRange(whole, count);
      for (long i = 0; i < count; i += Lanes.COUNT) {
        final boolean full = i < whole;
        final FloatVector v =
            full
                ? FloatVector.fromMemorySegment(F, ALL, x + i * Float.BYTES, ORDER)
                : FloatVector.fromMemorySegment(F, ALL, x + i * Float.BYTES, ORDER, tail);
        final FloatVector gradient =
            full
                ? FloatVector.fromMemorySegment(F, ALL, dY + i * Float.BYTES, ORDER)
                : FloatVector.fromMemorySegment(F, ALL, dY + i * Float.BYTES, ORDER, tail);
        final FloatVector magnitude = v.abs();
        final FloatVector a = magnitude.blend(FAR, magnitude.compare(VectorOperators.GT, FAR));
        final FloatVector square = a.mul(a);
        final FloatVector cubic = square.mul(CUBIC);
        final FloatVector factor = cubic.add(LINEAR);
        final FloatVector back = factor.sub(LINEAR);
        final FloatVector lost =
            FloatVector.broadcast(F, LINEAR).sub(factor.sub(back)).add(cubic.sub(back));
        final FloatVector squareLost = a.fma(a, square.neg());
        final FloatVector cubicLost =
            square
                .fma(FloatVector.broadcast(F, CUBIC), cubic.neg())
                .add(squareLost.mul(CUBIC))
                .add(square.mul(CUBIC_LOW));
        final FloatVector factorLost = lost.add(cubicLost).add(LINEAR_LOW);
        final FloatVector c = a.mul(factor).neg();
        final FloatVector low = a.fma(factor, c).add(a.mul(factorLost)).neg();

        final FloatVector biased =
            c.fma(FloatVector.broadcast(F, Exp.LOG2_E), FloatVector.broadcast(F, Exp.ROUND));
        final FloatVector n = biased.sub(Exp.ROUND);
        FloatVector r = n.fma(FloatVector.broadcast(F, -Exp.LN2_HIGH), c);
        r = n.fma(FloatVector.broadcast(F, -Exp.LN2_LOW), r).add(low);
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
        final VectorMask<Float> positive = v.compare(VectorOperators.GE, 0f);

        final FloatVector t = big.mul(Exp.BACK);
        final FloatVector one = t.add(1f);
        final FloatVector steepness =
            square
                .fma(FloatVector.broadcast(F, 3 * CUBIC), FloatVector.broadcast(F, LINEAR))
                .mul(a);
        final FloatVector inner = one.add(steepness.neg().blend(steepness.mul(t), positive));
        final FloatVector slope = t.mul(inner).blend(inner, positive).div(one.mul(one));
        final FloatVector result = gradient.mul(slope);
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
    public void run(final long x, final long dY, final long dX, final long count) {
      for (long i = 0; i < count; i++) {
        final float v = OffHeap.getFloat(x + i * Float.BYTES);
        final float gradient = OffHeap.getFloat(dY + i * Float.BYTES);
        final float magnitude = Math.abs(v);
        final float a = magnitude > FAR ? FAR : magnitude;
        final float square = a * a;
        final float big = exponential(a, square);

        final float t = big * Exp.BACK;
        final float one = t + 1f;
        final float steepness = Fma.of(square, 3 * CUBIC, LINEAR) * a;
        final float inner = one + (v >= 0f ? steepness * t : -steepness);
        final float result = gradient * ((v >= 0f ? inner : t * inner) / (one * one));
        OffHeap.setFloat(dX + i * Float.BYTES, result);
      }
    }
  }
}
