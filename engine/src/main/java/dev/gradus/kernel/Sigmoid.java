package dev.gradus.kernel;

import dev.gradus.memory.OffHeap;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * {@code y = 1 / (1 + exp(-x))}; {@code dX = dY * y * (1 - y)}. With {@code t = exp(-|x|)} it is
 * {@code 1 / (1 + t)} for x >= 0 and {@code t / (1 + t)} below, which keeps its precision down to
 * subnormals.
 */
public final class Sigmoid implements Activation {
  public static final Sigmoid INSTANCE = new Sigmoid();

  private Sigmoid() {}

  @Override
  public String name() {
    return "sigmoid";
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
        Lanes.store(sigmoid(Lanes.load(x + o)), y + o);
      }
      if (whole < bytes) {
        final VectorMask<Float> tail = Lanes.first(bytes - whole);
        Lanes.store(sigmoid(Lanes.load(x + whole, tail)), y + whole, tail);
      }
    }

    private static FloatVector sigmoid(final FloatVector x) {
      final FloatVector t = Exp.Vector.of(x.abs().neg());
      return t.blend(1f, x.compare(VectorOperators.GE, 0f)).div(t.add(1f));
    }
  }

  private static final class Scalar implements UnaryKernel {
    @Override
    public void run(final long x, final long y, final long count) {
      final long bytes = count * Float.BYTES;
      for (long o = 0; o < bytes; o += Float.BYTES) {
        OffHeap.setFloat(y + o, sigmoid(OffHeap.getFloat(x + o)));
      }
    }

    private static float sigmoid(final float x) {
      final float t = Exp.Scalar.of(-Math.abs(x));
      return (x >= 0f ? 1f : t) / (t + 1f);
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
      return dY.mul(y.mul(Lanes.all(1f).sub(y)));
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
      return dY * (y * (1f - y));
    }
  }
}
