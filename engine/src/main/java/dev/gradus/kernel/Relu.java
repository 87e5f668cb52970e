package dev.gradus.kernel;

import dev.gradus.memory.OffHeap;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * {@code y = max(x, 0)}; {@code dX = dY} where {@code y > 0}, else 0. NaN stays NaN, and its
 * gradient passes, as in PyTorch.
 */
public final class Relu implements Activation {
  public static final Relu INSTANCE = new Relu();

  private Relu() {}

  @Override
  public String name() {
    return "relu";
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
        Lanes.store(relu(Lanes.load(x + o)), y + o);
      }
      if (whole < bytes) {
        final VectorMask<Float> tail = Lanes.first(bytes - whole);
        Lanes.store(relu(Lanes.load(x + whole, tail)), y + whole, tail);
      }
    }

    private static FloatVector relu(final FloatVector x) {
      return x.blend(0f, x.compare(VectorOperators.LE, 0f));
    }
  }

  private static final class Scalar implements UnaryKernel {
    @Override
    public void run(final long x, final long y, final long count) {
      final long bytes = count * Float.BYTES;
      for (long o = 0; o < bytes; o += Float.BYTES) {
        final float value = OffHeap.getFloat(x + o);
        OffHeap.setFloat(y + o, value <= 0f ? 0f : value);
      }
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
      return dY.blend(0f, y.compare(VectorOperators.LE, 0f));
    }
  }

  private static final class ScalarGradient implements BinaryKernel {
    @Override
    public void run(final long y, final long dY, final long dX, final long count) {
      final long bytes = count * Float.BYTES;
      for (long o = 0; o < bytes; o += Float.BYTES) {
        OffHeap.setFloat(dX + o, OffHeap.getFloat(y + o) <= 0f ? 0f : OffHeap.getFloat(dY + o));
      }
    }
  }
}
