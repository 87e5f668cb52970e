package dev.gradus.kernel;

import dev.gradus.memory.OffHeap;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * AdaGrad and plain RMSProp in one pass: {@code d = g + weightDecay * p; v = keep * v + share *
 * d^2; p -= rate * d / (sqrt(v) + epsilon)}; AdaGrad keeps and adds all.
 *
 * <p>Source: Duchi, Hazan and Singer 2011; Tieleman and Hinton 2012; in PyTorch's forms.
 */
public abstract class RmsPropUpdate {
  /** Numbers that {@link #run} takes. */
  public static final int SCALARS = 5;

  private RmsPropUpdate() {}

  public static RmsPropUpdate of(final KernelMode mode) {
    return mode == KernelMode.VECTOR ? new Vector() : new Scalar();
  }

  /**
   * Updates.
   *
   * @param p parameters, updated.
   * @param g their gradient.
   * @param state the slots v, updated; 0 before the first step.
   * @param slotBytes from an element of one slot to that of the next.
   * @param scalars keep, share, weight decay, rate, epsilon.
   */
  public abstract void run(long p, long g, long state, long slotBytes, long count, float[] scalars);

  private static final class Vector extends RmsPropUpdate {
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
      final float keep = scalars[0];
      final float share = scalars[1];
      final float weightDecay = scalars[2];
      final float rate = scalars[3];
      final float epsilon = scalars[4];
      final long secondAt = state;
      final long whole = F.loopBound(count);
      for (long i = 0; i < whole; i += Lanes.COUNT) {
        final long o = i * Float.BYTES;
        final FloatVector parameter = FloatVector.fromMemorySegment(F, ALL, p + o, ORDER);
        final FloatVector gradient = FloatVector.fromMemorySegment(F, ALL, g + o, ORDER);
        final FloatVector second = FloatVector.fromMemorySegment(F, ALL, secondAt + o, ORDER);
        final FloatVector d = gradient.add(parameter.mul(weightDecay));
        final FloatVector newSecond = Subnormal.toZero(second.mul(keep).add(d.mul(d).mul(share)));
        final FloatVector scale = newSecond.sqrt().add(epsilon);
        final FloatVector newParameter = parameter.sub(d.mul(rate).div(scale));
        newSecond.intoMemorySegment(ALL, secondAt + o, ORDER);
        newParameter.intoMemorySegment(ALL, p + o, ORDER);
      }
      final long done = whole * Float.BYTES;
      rest.run(p + done, g + done, state + done, slotBytes, count - whole, scalars);
    }
  }

  private static final class Scalar extends RmsPropUpdate {
    @Override
    public void run(
        final long p,
        final long g,
        final long state,
        final long slotBytes,
        final long count,
        final float[] scalars) {
      final float keep = scalars[0];
      final float share = scalars[1];
      final float weightDecay = scalars[2];
      final float rate = scalars[3];
      final float epsilon = scalars[4];
      final long secondAt = state;
      for (long i = 0; i < count; i++) {
        final long o = i * Float.BYTES;
        final float parameter = OffHeap.getFloat(p + o);
        final float gradient = OffHeap.getFloat(g + o);
        final float second = OffHeap.getFloat(secondAt + o);
        final float d = gradient + parameter * weightDecay;
        final float newSecond = Subnormal.toZero(second * keep + d * d * share);
        final float scale = (float) Math.sqrt(newSecond) + epsilon;
        final float newParameter = parameter - d * rate / scale;
        OffHeap.setFloat(secondAt + o, newSecond);
        OffHeap.setFloat(p + o, newParameter);
      }
    }
  }
}
