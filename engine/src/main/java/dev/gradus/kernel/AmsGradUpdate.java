package dev.gradus.kernel;

import dev.gradus.memory.OffHeap;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * AMSGrad in one pass: {@code d = g + weightDecay * p; m += (1 - beta1) * (d - m); v = beta2 * v +
 * (1 - beta2) * d^2; u = max(u, v); p -= rate * m / (sqrt(u) * rootScale + epsilon)}.
 *
 * <p>Source: Reddi, Kale and Kumar 2018, in the form of PyTorch's {@code Adam} with {@code
 * amsgrad}.
 */
public abstract class AmsGradUpdate {
  /** Numbers that {@link #run} takes. */
  public static final int SCALARS = 7;

  private AmsGradUpdate() {}

  public static AmsGradUpdate of(final KernelMode mode) {
    return mode == KernelMode.VECTOR ? new Vector() : new Scalar();
  }

  /**
   * Updates.
   *
   * @param p parameters, updated.
   * @param g their gradient.
   * @param state the slots m, v, u, updated; 0 before the first step.
   * @param slotBytes from an element of one slot to that of the next.
   * @param scalars 1 - beta1, beta2, 1 - beta2, weight decay, rate, rootScale, epsilon.
   */
  public abstract void run(long p, long g, long state, long slotBytes, long count, float[] scalars);

  private static final class Vector extends AmsGradUpdate {
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
      final float oneMinusBeta2 = scalars[2];
      final float weightDecay = scalars[3];
      final float rate = scalars[4];
      final float rootScale = scalars[5];
      final float epsilon = scalars[6];
      final long firstAt = state;
      final long secondAt = state + slotBytes;
      final long largestAt = state + 2 * slotBytes;
      final long whole = F.loopBound(count);
      for (long i = 0; i < whole; i += Lanes.COUNT) {
        final long o = i * Float.BYTES;
        final FloatVector parameter = FloatVector.fromMemorySegment(F, ALL, p + o, ORDER);
        final FloatVector gradient = FloatVector.fromMemorySegment(F, ALL, g + o, ORDER);
        final FloatVector first = FloatVector.fromMemorySegment(F, ALL, firstAt + o, ORDER);
        final FloatVector second = FloatVector.fromMemorySegment(F, ALL, secondAt + o, ORDER);
        final FloatVector largest = FloatVector.fromMemorySegment(F, ALL, largestAt + o, ORDER);
        final FloatVector d = gradient.add(parameter.mul(weightDecay));
        final FloatVector newFirst = Subnormal.toZero(first.add(d.sub(first).mul(oneMinusBeta1)));
        final FloatVector newSecond =
            Subnormal.toZero(second.mul(beta2).add(d.mul(d).mul(oneMinusBeta2)));
        final FloatVector newLargest = largest.max(newSecond);
        final FloatVector scale = newLargest.sqrt().mul(rootScale).add(epsilon);
        final FloatVector newParameter = parameter.sub(newFirst.mul(rate).div(scale));
        newFirst.intoMemorySegment(ALL, firstAt + o, ORDER);
        newSecond.intoMemorySegment(ALL, secondAt + o, ORDER);
        newLargest.intoMemorySegment(ALL, largestAt + o, ORDER);
        newParameter.intoMemorySegment(ALL, p + o, ORDER);
      }
      final long done = whole * Float.BYTES;
      rest.run(p + done, g + done, state + done, slotBytes, count - whole, scalars);
    }
  }

  private static final class Scalar extends AmsGradUpdate {
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
      final float oneMinusBeta2 = scalars[2];
      final float weightDecay = scalars[3];
      final float rate = scalars[4];
      final float rootScale = scalars[5];
      final float epsilon = scalars[6];
      final long firstAt = state;
      final long secondAt = state + slotBytes;
      final long largestAt = state + 2 * slotBytes;
      for (long i = 0; i < count; i++) {
        final long o = i * Float.BYTES;
        final float parameter = OffHeap.getFloat(p + o);
        final float gradient = OffHeap.getFloat(g + o);
        final float first = OffHeap.getFloat(firstAt + o);
        final float second = OffHeap.getFloat(secondAt + o);
        final float largest = OffHeap.getFloat(largestAt + o);
        final float d = gradient + parameter * weightDecay;
        final float newFirst = Subnormal.toZero(first + (d - first) * oneMinusBeta1);
        final float newSecond = Subnormal.toZero(second * beta2 + d * d * oneMinusBeta2);
        final float newLargest = Math.max(largest, newSecond);
        final float scale = (float) Math.sqrt(newLargest) * rootScale + epsilon;
        final float newParameter = parameter - newFirst * rate / scale;
        OffHeap.setFloat(firstAt + o, newFirst);
        OffHeap.setFloat(secondAt + o, newSecond);
        OffHeap.setFloat(largestAt + o, newLargest);
        OffHeap.setFloat(p + o, newParameter);
      }
    }
  }
}
