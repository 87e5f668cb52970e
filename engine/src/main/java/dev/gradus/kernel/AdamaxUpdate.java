package dev.gradus.kernel;

import dev.gradus.memory.OffHeap;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Adamax in one pass: {@code d = g + weightDecay * p; m += (1 - beta1) * (d - m); u = max(beta2 *
 * u, |d| + epsilon); p -= rate * m / u}.
 *
 * <p>Source: Kingma and Ba 2015, section 7.1, in the form of PyTorch's {@code Adamax}.
 */
public abstract class AdamaxUpdate {
  /** Numbers that {@link #run} takes. */
  public static final int SCALARS = 5;

  private AdamaxUpdate() {}

  public static AdamaxUpdate of(final KernelMode mode) {
    return mode == KernelMode.VECTOR ? new Vector() : new Scalar();
  }

  /**
   * Updates.
   *
   * @param p parameters, updated.
   * @param g their gradient.
   * @param state the slots m, u, updated; 0 before the first step.
   * @param slotBytes from an element of one slot to that of the next.
   * @param scalars 1 - beta1, beta2, weight decay, rate, epsilon.
   */
  public abstract void run(long p, long g, long state, long slotBytes, long count, float[] scalars);

  private static final class Vector extends AdamaxUpdate {
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
      final float beta2 = scalars[1];
      final float weightDecay = scalars[2];
      final float rate = scalars[3];
      final float epsilon = scalars[4];
      final long firstAt = state;
      final long normAt = state + slotBytes;
      final long whole = F.loopBound(count);
      for (long i = 0; i < whole; i += Lanes.COUNT) {
        final long o = i * Float.BYTES;
        final FloatVector parameter = FloatVector.fromMemorySegment(F, ALL, p + o, ORDER);
        final FloatVector gradient = FloatVector.fromMemorySegment(F, ALL, g + o, ORDER);
        final FloatVector first = FloatVector.fromMemorySegment(F, ALL, firstAt + o, ORDER);
        final FloatVector norm = FloatVector.fromMemorySegment(F, ALL, normAt + o, ORDER);
        final FloatVector d = gradient.add(parameter.mul(weightDecay));
        final FloatVector newFirst = Subnormal.toZero(first.add(d.sub(first).mul(oneMinusBeta1)));
        final FloatVector newNorm = norm.mul(beta2).max(d.abs().add(epsilon));
        final FloatVector newParameter = parameter.sub(newFirst.mul(rate).div(newNorm));
        newFirst.intoMemorySegment(ALL, firstAt + o, ORDER);
        newNorm.intoMemorySegment(ALL, normAt + o, ORDER);
        newParameter.intoMemorySegment(ALL, p + o, ORDER);
      }
      final long done = whole * Float.BYTES;
      rest.run(p + done, g + done, state + done, slotBytes, count - whole, scalars);
    }
  }

  private static final class Scalar extends AdamaxUpdate {
    @Override
    public void run(
        final long p,
        final long g,
        final long state,
        final long slotBytes,
        final long count,
        final float[] scalars) {
      final float oneMinusBeta1 = scalars[0];
      final float beta2 = scalars[1];
      final float weightDecay = scalars[2];
      final float rate = scalars[3];
      final float epsilon = scalars[4];
      final long firstAt = state;
      final long normAt = state + slotBytes;
      for (long i = 0; i < count; i++) {
        final long o = i * Float.BYTES;
        final float parameter = OffHeap.getFloat(p + o);
        final float gradient = OffHeap.getFloat(g + o);
        final float first = OffHeap.getFloat(firstAt + o);
        final float norm = OffHeap.getFloat(normAt + o);
        final float d = gradient + parameter * weightDecay;
        final float newFirst = Subnormal.toZero(first + (d - first) * oneMinusBeta1);
        final float newNorm = Math.max(norm * beta2, Math.abs(d) + epsilon);
        final float newParameter = parameter - newFirst * rate / newNorm;
        OffHeap.setFloat(firstAt + o, newFirst);
        OffHeap.setFloat(normAt + o, newNorm);
        OffHeap.setFloat(p + o, newParameter);
      }
    }
  }
}
