package dev.gradus.kernel;

import dev.gradus.memory.OffHeap;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

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
    private static final VectorSpecies<Float> F = Lanes.F;
    private static final MemorySegment ALL = OffHeap.ALL;
    private static final ByteOrder ORDER = Lanes.ORDER;

    @Override
    public void run(
        final long prediction,
        final long target,
        final long dPrediction,
        final long count,
        final float factor) {
      final float twice = 2f * factor;
      final long whole = F.loopBound(count);
      for (long i = 0; i < whole; i += Lanes.COUNT) {
        final FloatVector p =
            FloatVector.fromMemorySegment(F, ALL, prediction + i * Float.BYTES, ORDER);
        final FloatVector t =
            FloatVector.fromMemorySegment(F, ALL, target + i * Float.BYTES, ORDER);
        p.sub(t).mul(twice).intoMemorySegment(ALL, dPrediction + i * Float.BYTES, ORDER);
      }
      if (whole < count) {
        final VectorMask<Float> tail = F.indexInRange(whole, count);
        final FloatVector p =
            FloatVector.fromMemorySegment(F, ALL, prediction + whole * Float.BYTES, ORDER, tail);
        final FloatVector t =
            FloatVector.fromMemorySegment(F, ALL, target + whole * Float.BYTES, ORDER, tail);
        p.sub(t).mul(twice).intoMemorySegment(ALL, dPrediction + whole * Float.BYTES, ORDER, tail);
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
      for (long i = 0; i < count; i++) {
        final float difference =
            OffHeap.getFloat(prediction + i * Float.BYTES)
                - OffHeap.getFloat(target + i * Float.BYTES);
        OffHeap.setFloat(dPrediction + i * Float.BYTES, difference * twice);
      }
    }
  }
}
