package dev.gradus.kernel;

import dev.gradus.memory.OffHeap;
import jdk.incubator.vector.VectorMask;

/** {@code dPrediction = 2 * (prediction - target) * factor}. */
public abstract class SquaredErrorGradient {
  private SquaredErrorGradient() {}

  public static SquaredErrorGradient of(final KernelMode mode) {
    return mode == KernelMode.VECTOR ? new Vector() : new Scalar();
  }

  /**
   * Writes the gradient.
   *
   * @param dPrediction may be {@code prediction} or {@code target}.
   * @param factor the gradient of the loss divided by what it is a mean over.
   */
  public abstract void run(
      long prediction, long target, long dPrediction, long count, float factor);

  private static final class Vector extends SquaredErrorGradient {
    @Override
    public void run(
        final long prediction,
        final long target,
        final long dPrediction,
        final long count,
        final float factor) {
      final float twice = 2f * factor;
      final long bytes = count * Float.BYTES;
      final long whole = Lanes.whole(bytes);
      for (long o = 0; o < whole; o += Lanes.BYTES) {
        Lanes.store(
            Lanes.load(prediction + o).sub(Lanes.load(target + o)).mul(twice), dPrediction + o);
      }
      if (whole < bytes) {
        final VectorMask<Float> tail = Lanes.first(bytes - whole);
        Lanes.store(
            Lanes.load(prediction + whole, tail).sub(Lanes.load(target + whole, tail)).mul(twice),
            dPrediction + whole,
            tail);
      }
    }
  }

  private static final class Scalar extends SquaredErrorGradient {
    @Override
    public void run(
        final long prediction,
        final long target,
        final long dPrediction,
        final long count,
        final float factor) {
      final float twice = 2f * factor;
      final long bytes = count * Float.BYTES;
      for (long o = 0; o < bytes; o += Float.BYTES) {
        final float difference = OffHeap.getFloat(prediction + o) - OffHeap.getFloat(target + o);
        OffHeap.setFloat(dPrediction + o, difference * twice);
      }
    }
  }
}
