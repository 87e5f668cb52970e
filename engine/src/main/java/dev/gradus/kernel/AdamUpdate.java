package dev.gradus.kernel;

import dev.gradus.memory.OffHeap;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The family of Adam in one pass: {@code d = g + weightDecay * p; m += (1 - beta1) * (d - m); v =
 * beta2 * v + (1 - beta2) * d^2; p = keep * p - (momentRate * m + gradientRate * d) / (sqrt(v) +
 * epsilon)}. Which member it is, the numbers tell: AdamW keeps less than all of p, Nadam has a
 * share of the gradient itself. The correction of v's bias is in the rates and in epsilon.
 *
 * <p>{@code 1 - beta} comes as a number of its own: {@code 1 - 0.9f} is not 0.1f.
 *
 * <p>Source: Kingma and Ba 2015, in the form of PyTorch's {@code Adam}.
 */
public abstract class AdamUpdate {
  /** Numbers that {@link #run} takes. */
  public static final int SCALARS = 8;

  private AdamUpdate() {}

  public static AdamUpdate of(final KernelMode mode) {
    return mode == KernelMode.VECTOR ? new Vector() : new Scalar();
  }

  /**
   * Updates.
   *
   * @param p parameters, updated.
   * @param g their gradient.
   * @param state the slots m, v, updated; 0 before the first step.
   * @param slotBytes from an element of one slot to that of the next.
   * @param scalars 1 - beta1, beta2, 1 - beta2, weight decay, keep, momentRate, gradientRate,
   *     epsilon.
   */
  public abstract void run(long p, long g, long state, long slotBytes, long count, float[] scalars);

  private static final class Vector extends AdamUpdate {
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
      final FloatVector oneMinusBeta1 = FloatVector.broadcast(F, scalars[0]);
      final FloatVector beta2 = FloatVector.broadcast(F, scalars[1]);
      final FloatVector oneMinusBeta2 = FloatVector.broadcast(F, scalars[2]);
      final FloatVector weightDecay = FloatVector.broadcast(F, scalars[3]);
      final FloatVector keep = FloatVector.broadcast(F, scalars[4]);
      final FloatVector momentRate = FloatVector.broadcast(F, scalars[5]);
      final FloatVector gradientRate = FloatVector.broadcast(F, scalars[6]);
      final FloatVector epsilon = FloatVector.broadcast(F, scalars[7]);
      final long firstAt = state;
      final long secondAt = state + slotBytes;
      final long whole = F.loopBound(count);
      for (long i = 0; i < whole; i += Lanes.COUNT) {
        final long o = i * Float.BYTES;
        final FloatVector parameter = FloatVector.fromMemorySegment(F, ALL, p + o, ORDER);
        final FloatVector gradient = FloatVector.fromMemorySegment(F, ALL, g + o, ORDER);
        final FloatVector first = FloatVector.fromMemorySegment(F, ALL, firstAt + o, ORDER);
        final FloatVector second = FloatVector.fromMemorySegment(F, ALL, secondAt + o, ORDER);
        final FloatVector d = parameter.fma(weightDecay, gradient);
        final FloatVector newFirst = Subnormal.toZero(d.sub(first).fma(oneMinusBeta1, first));
        final FloatVector newSecond =
            Subnormal.toZero(d.mul(oneMinusBeta2).fma(d, second.mul(beta2)));
        final FloatVector scale = newSecond.sqrt().add(epsilon);
        final FloatVector direction = newFirst.fma(momentRate, d.mul(gradientRate));
        final FloatVector newParameter = parameter.mul(keep).sub(direction.div(scale));
        newFirst.intoMemorySegment(ALL, firstAt + o, ORDER);
        newSecond.intoMemorySegment(ALL, secondAt + o, ORDER);
        newParameter.intoMemorySegment(ALL, p + o, ORDER);
      }
      final long done = whole * Float.BYTES;
      rest.run(p + done, g + done, state + done, slotBytes, count - whole, scalars);
    }
  }

  private static final class Scalar extends AdamUpdate {
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
      final float keep = scalars[4];
      final float momentRate = scalars[5];
      final float gradientRate = scalars[6];
      final float epsilon = scalars[7];
      final long firstAt = state;
      final long secondAt = state + slotBytes;
      for (long i = 0; i < count; i++) {
        final long o = i * Float.BYTES;
        final float parameter = OffHeap.getFloat(p + o);
        final float gradient = OffHeap.getFloat(g + o);
        final float first = OffHeap.getFloat(firstAt + o);
        final float second = OffHeap.getFloat(secondAt + o);
        final float d = Fma.of(parameter, weightDecay, gradient);
        final float newFirst = Subnormal.toZero(Fma.of(d - first, oneMinusBeta1, first));
        final float newSecond = Subnormal.toZero(Fma.of(d * oneMinusBeta2, d, second * beta2));
        final float scale = (float) Math.sqrt(newSecond) + epsilon;
        final float direction = Fma.of(newFirst, momentRate, d * gradientRate);
        final float newParameter = parameter * keep - direction / scale;
        OffHeap.setFloat(firstAt + o, newFirst);
        OffHeap.setFloat(secondAt + o, newSecond);
        OffHeap.setFloat(p + o, newParameter);
      }
    }
  }
}
