package dev.gradus.kernel;

import dev.gradus.memory.OffHeap;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
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

    private final Scalar rest = new Scalar();

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
        final FloatVector d = gradient.add(parameter.mul(weightDecay));
        final FloatVector newParameter = parameter.sub(d.mul(learningRate));
        newParameter.intoMemorySegment(ALL, p + i * Float.BYTES, ORDER);
      }
      final long done = whole * Float.BYTES;
      rest.run(p + done, g + done, count - whole, learningRate, weightDecay);
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
