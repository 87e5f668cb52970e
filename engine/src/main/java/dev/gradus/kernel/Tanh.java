package dev.gradus.kernel;

import dev.gradus.memory.OffHeap;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * {@code y = tanh(x)}; {@code dX = dY * (1 - y^2)}, as {@code (1 - y) * (1 + y)} to keep precision
 * near saturation.
 *
 * <p>{@code tanh(x) = x * P(x^2) / Q(x^2)}, P and Q of degree 4 with constant term 1, a minimax fit
 * of relative error 2.2e-8 on |x| <= 9.02.
 */
public final class Tanh implements Activation {
  public static final Tanh INSTANCE = new Tanh();

  // From here on tanh rounds to 1.
  private static final float SATURATED = 9.02f;

  private static final float P1 = 0x1.1213dp-3f;
  private static final float P2 = 0x1.ca6b1ap-9f;
  private static final float P3 = 0x1.5a35f8p-16f;
  private static final float P4 = 0x1.cbe0e2p-27f;
  private static final float Q1 = 0x1.de5f34p-2f;
  private static final float Q2 = 0x1.a816d4p-6f;
  private static final float Q3 = 0x1.58d356p-12f;
  private static final float Q4 = 0x1.a23bfep-21f;

  private static final int SIGN = Integer.MIN_VALUE;

  private Tanh() {}

  @Override
  public String name() {
    return "tanh";
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
    @Override
    public void run(final long x, final long y, final long count) {
      final long bytes = count * Float.BYTES;
      final long whole = Lanes.whole(bytes);
      for (long o = 0; o < whole; o += Lanes.BYTES) {
        Lanes.store(tanh(Lanes.load(x + o)), y + o);
      }
      if (whole < bytes) {
        final VectorMask<Float> tail = Lanes.first(bytes - whole);
        Lanes.store(tanh(Lanes.load(x + whole, tail)), y + whole, tail);
      }
    }

    private static FloatVector tanh(final FloatVector x) {
      FloatVector a = x.abs();
      a = a.blend(SATURATED, a.compare(VectorOperators.GT, SATURATED));
      final FloatVector u = a.mul(a);
      FloatVector p = u.fma(Lanes.all(P4), Lanes.all(P3));
      p = p.fma(u, Lanes.all(P2));
      p = p.fma(u, Lanes.all(P1));
      p = p.fma(u, Lanes.all(1f));
      FloatVector q = u.fma(Lanes.all(Q4), Lanes.all(Q3));
      q = q.fma(u, Lanes.all(Q2));
      q = q.fma(u, Lanes.all(Q1));
      q = q.fma(u, Lanes.all(1f));
      FloatVector y = a.mul(p).div(q);
      y = y.blend(1f, y.compare(VectorOperators.GT, 1f));
      return y.reinterpretAsInts().or(x.reinterpretAsInts().and(SIGN)).reinterpretAsFloats();
    }
  }

  private static final class Scalar implements UnaryKernel {
    @Override
    public void run(final long x, final long y, final long count) {
      final long bytes = count * Float.BYTES;
      for (long o = 0; o < bytes; o += Float.BYTES) {
        OffHeap.setFloat(y + o, tanh(OffHeap.getFloat(x + o)));
      }
    }

    private static float tanh(final float x) {
      float a = Math.abs(x);
      a = a > SATURATED ? SATURATED : a;
      final float u = a * a;
      float p = Math.fma(u, P4, P3);
      p = Math.fma(p, u, P2);
      p = Math.fma(p, u, P1);
      p = Math.fma(p, u, 1f);
      float q = Math.fma(u, Q4, Q3);
      q = Math.fma(q, u, Q2);
      q = Math.fma(q, u, Q1);
      q = Math.fma(q, u, 1f);
      float y = a * p / q;
      y = y > 1f ? 1f : y;
      return Float.intBitsToFloat(Float.floatToRawIntBits(y) | (Float.floatToRawIntBits(x) & SIGN));
    }
  }

  private static final class VectorGradient implements BinaryKernel {
    @Override
    public void run(final long y, final long dY, final long dX, final long count) {
      final long bytes = count * Float.BYTES;
      final long whole = Lanes.whole(bytes);
      for (long o = 0; o < whole; o += Lanes.BYTES) {
        Lanes.store(gradient(Lanes.load(y + o), Lanes.load(dY + o)), dX + o);
      }
      if (whole < bytes) {
        final VectorMask<Float> tail = Lanes.first(bytes - whole);
        Lanes.store(
            gradient(Lanes.load(y + whole, tail), Lanes.load(dY + whole, tail)), dX + whole, tail);
      }
    }

    private static FloatVector gradient(final FloatVector y, final FloatVector dY) {
      return dY.mul(Lanes.all(1f).sub(y).mul(y.add(1f)));
    }
  }

  private static final class ScalarGradient implements BinaryKernel {
    @Override
    public void run(final long y, final long dY, final long dX, final long count) {
      final long bytes = count * Float.BYTES;
      for (long o = 0; o < bytes; o += Float.BYTES) {
        OffHeap.setFloat(dX + o, gradient(OffHeap.getFloat(y + o), OffHeap.getFloat(dY + o)));
      }
    }

    private static float gradient(final float y, final float dY) {
      return dY * ((1f - y) * (y + 1f));
    }
  }
}
