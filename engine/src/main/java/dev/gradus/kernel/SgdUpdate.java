package dev.gradus.kernel;

import dev.gradus.memory.OffHeap;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/** Stochastic gradient descent in one pass: {@code p -= learningRate * (g + weightDecay * p)}. */
public abstract class SgdUpdate {
  private SgdUpdate() {}

  public static SgdUpdate of(final KernelMode mode) {
    return mode == KernelMode.VECTOR ? new Vector() : new Scalar();
  }

  /**
   * Updates.
   *
   * @param p parameters, updated.
   * @param g their gradient.
   */
  public abstract void run(long p, long g, long count, float learningRate, float weightDecay);

  private static final class Vector extends SgdUpdate {
    private static final VectorSpecies<Float> F = Lanes.F;
    private static final MemorySegment ALL = OffHeap.ALL;
    private static final ByteOrder ORDER = Lanes.ORDER;

    @Override
    public void run(
        final long p,
        final long g,
        final long count,
        final float learningRate,
        final float weightDecay) {
      final long whole = F.loopBound(count);
      for (long i = 0; i < whole; i += Lanes.COUNT) {
        final FloatVector parameter =
            FloatVector.fromMemorySegment(F, ALL, p + i * Float.BYTES, ORDER);
        final FloatVector gradient =
            FloatVector.fromMemorySegment(F, ALL, g + i * Float.BYTES, ORDER);
        parameter
            .sub(gradient.add(parameter.mul(weightDecay)).mul(learningRate))
            .intoMemorySegment(ALL, p + i * Float.BYTES, ORDER);
      }
      if (whole < count) {
        final VectorMask<Float> tail = F.indexInRange(whole, count);
        final FloatVector parameter =
            FloatVector.fromMemorySegment(F, ALL, p + whole * Float.BYTES, ORDER, tail);
        final FloatVector gradient =
            FloatVector.fromMemorySegment(F, ALL, g + whole * Float.BYTES, ORDER, tail);
        parameter
            .sub(gradient.add(parameter.mul(weightDecay)).mul(learningRate))
            .intoMemorySegment(ALL, p + whole * Float.BYTES, ORDER, tail);
      }
    }
  }

  private static final class Scalar extends SgdUpdate {
    @Override
    public void run(
        final long p,
        final long g,
        final long count,
        final float learningRate,
        final float weightDecay) {
      for (long i = 0; i < count; i++) {
        final float parameter = OffHeap.getFloat(p + i * Float.BYTES);
        final float d = OffHeap.getFloat(g + i * Float.BYTES) + parameter * weightDecay;
        OffHeap.setFloat(p + i * Float.BYTES, parameter - d * learningRate);
      }
    }
  }
}
