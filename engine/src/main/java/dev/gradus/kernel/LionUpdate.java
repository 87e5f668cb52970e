package dev.gradus.kernel;

import dev.gradus.memory.OffHeap;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Lion in one pass: {@code c = m + (1 - beta1) * (g - m); p = keep * p - rate * sign(c); m += (1 -
 * beta2) * (g - m)}, the sign of 0 and of NaN being 0.
 *
 * <p>Source: Chen et al. 2023, "Symbolic discovery of optimization algorithms".
 */
public abstract class LionUpdate {
  /** Numbers that {@link #run} takes. */
  public static final int SCALARS = 4;

  private LionUpdate() {}

  public static LionUpdate of(final KernelMode mode) {
    return mode == KernelMode.VECTOR ? new Vector() : new Scalar();
  }

  /**
   * Updates.
   *
   * @param p parameters, updated.
   * @param g their gradient.
   * @param state the slots m, updated; 0 before the first step.
   * @param slotBytes from an element of one slot to that of the next.
   * @param scalars 1 - beta1, 1 - beta2, keep, rate.
   */
  public abstract void run(long p, long g, long state, long slotBytes, long count, float[] scalars);

  private static final class Vector extends LionUpdate {
    private static final VectorSpecies<Float> F = Lanes.F;
    private static final MemorySegment ALL = OffHeap.ALL;
    private static final ByteOrder ORDER = Lanes.ORDER;

    private final Scalar rest = new Scalar();

    @Override
    public void run(
        final long p,
        final long g,
        final long state,
        final long slotBytes,
        final long count,
        final float[] scalars) {
      final float oneMinusBeta1 = scalars[0];
      final float oneMinusBeta2 = scalars[1];
      final float keep = scalars[2];
      final float rate = scalars[3];
      final long firstAt = state;
      final long whole = F.loopBound(count);
      for (long i = 0; i < whole; i += Lanes.COUNT) {
        final long o = i * Float.BYTES;
        final FloatVector parameter = FloatVector.fromMemorySegment(F, ALL, p + o, ORDER);
        final FloatVector gradient = FloatVector.fromMemorySegment(F, ALL, g + o, ORDER);
        final FloatVector first = FloatVector.fromMemorySegment(F, ALL, firstAt + o, ORDER);
        final FloatVector difference = gradient.sub(first);
        final FloatVector c = first.add(difference.mul(oneMinusBeta1));
        final FloatVector newFirst = Subnormal.toZero(first.add(difference.mul(oneMinusBeta2)));
        final FloatVector step =
            FloatVector.zero(F)
                .blend(rate, c.compare(VectorOperators.GT, 0f))
                .blend(-rate, c.compare(VectorOperators.LT, 0f));
        final FloatVector newParameter = parameter.mul(keep).sub(step);
        newFirst.intoMemorySegment(ALL, firstAt + o, ORDER);
        newParameter.intoMemorySegment(ALL, p + o, ORDER);
      }
      final long done = whole * Float.BYTES;
      rest.run(p + done, g + done, state + done, slotBytes, count - whole, scalars);
    }
  }

  private static final class Scalar extends LionUpdate {
    @Override
    public void run(
        final long p,
        final long g,
        final long state,
        final long slotBytes,
        final long count,
        final float[] scalars) {
      final float oneMinusBeta1 = scalars[0];
      final float oneMinusBeta2 = scalars[1];
      final float keep = scalars[2];
      final float rate = scalars[3];
      final long firstAt = state;
      for (long i = 0; i < count; i++) {
        final long o = i * Float.BYTES;
        final float parameter = OffHeap.getFloat(p + o);
        final float gradient = OffHeap.getFloat(g + o);
        final float first = OffHeap.getFloat(firstAt + o);
        final float difference = gradient - first;
        final float c = first + difference * oneMinusBeta1;
        final float newFirst = Subnormal.toZero(first + difference * oneMinusBeta2);
        final float step = c > 0f ? rate : c < 0f ? -rate : 0f;
        final float newParameter = parameter * keep - step;
        OffHeap.setFloat(firstAt + o, newFirst);
        OffHeap.setFloat(p + o, newParameter);
      }
    }
  }
}
