package dev.gradus.kernel;

import dev.gradus.memory.OffHeap;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * RMSProp with momentum, centred or not, in one pass: {@code d = g + weightDecay * p; v = alpha * v
 * + (1 - alpha) * d^2; a += (1 - alpha) * (d - a); b = momentum * b + d / (sqrt(v - centring * a^2)
 * + epsilon); p -= rate * b}.
 *
 * <p>Source: Graves 2013, in the form of PyTorch's {@code RMSprop}. Rounding may leave the variance
 * below 0; it then counts as 0.
 */
public abstract class CentredRmsPropUpdate {
  /** Numbers that {@link #run} takes. */
  public static final int SCALARS = 7;

  private CentredRmsPropUpdate() {}

  public static CentredRmsPropUpdate of(final KernelMode mode) {
    return mode == KernelMode.VECTOR ? new Vector() : new Scalar();
  }

  /**
   * Updates.
   *
   * @param p parameters, updated.
   * @param g their gradient.
   * @param state the slots v, a, b, updated; 0 before the first step.
   * @param slotBytes from an element of one slot to that of the next.
   * @param scalars alpha, 1 - alpha, weight decay, centring (0 or 1), momentum, rate, epsilon.
   */
  public abstract void run(long p, long g, long state, long slotBytes, long count, float[] scalars);

  private static final class Vector extends CentredRmsPropUpdate {
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
      final float alpha = scalars[0];
      final float oneMinusAlpha = scalars[1];
      final float weightDecay = scalars[2];
      final float centring = scalars[3];
      final float momentum = scalars[4];
      final float rate = scalars[5];
      final float epsilon = scalars[6];
      final long secondAt = state;
      final long meanAt = state + slotBytes;
      final long bufferAt = state + 2 * slotBytes;
      final long whole = F.loopBound(count);
      for (long i = 0; i < whole; i += Lanes.COUNT) {
        final long o = i * Float.BYTES;
        final FloatVector parameter = FloatVector.fromMemorySegment(F, ALL, p + o, ORDER);
        final FloatVector gradient = FloatVector.fromMemorySegment(F, ALL, g + o, ORDER);
        final FloatVector second = FloatVector.fromMemorySegment(F, ALL, secondAt + o, ORDER);
        final FloatVector mean = FloatVector.fromMemorySegment(F, ALL, meanAt + o, ORDER);
        final FloatVector buffer = FloatVector.fromMemorySegment(F, ALL, bufferAt + o, ORDER);
        final FloatVector d = gradient.add(parameter.mul(weightDecay));
        final FloatVector newSecond =
            Subnormal.toZero(second.mul(alpha).add(d.mul(d).mul(oneMinusAlpha)));
        final FloatVector newMean = Subnormal.toZero(mean.add(d.sub(mean).mul(oneMinusAlpha)));
        final FloatVector variance = newSecond.sub(newMean.mul(newMean).mul(centring)).max(0f);
        final FloatVector newBuffer =
            Subnormal.toZero(buffer.mul(momentum).add(d.div(variance.sqrt().add(epsilon))));
        final FloatVector newParameter = parameter.sub(newBuffer.mul(rate));
        newSecond.intoMemorySegment(ALL, secondAt + o, ORDER);
        newMean.intoMemorySegment(ALL, meanAt + o, ORDER);
        newBuffer.intoMemorySegment(ALL, bufferAt + o, ORDER);
        newParameter.intoMemorySegment(ALL, p + o, ORDER);
      }
      final long done = whole * Float.BYTES;
      rest.run(p + done, g + done, state + done, slotBytes, count - whole, scalars);
    }
  }

  private static final class Scalar extends CentredRmsPropUpdate {
    @Override
    public void run(
        final long p,
        final long g,
        final long state,
        final long slotBytes,
        final long count,
        final float[] scalars) {
      final float alpha = scalars[0];
      final float oneMinusAlpha = scalars[1];
      final float weightDecay = scalars[2];
      final float centring = scalars[3];
      final float momentum = scalars[4];
      final float rate = scalars[5];
      final float epsilon = scalars[6];
      final long secondAt = state;
      final long meanAt = state + slotBytes;
      final long bufferAt = state + 2 * slotBytes;
      for (long i = 0; i < count; i++) {
        final long o = i * Float.BYTES;
        final float parameter = OffHeap.getFloat(p + o);
        final float gradient = OffHeap.getFloat(g + o);
        final float second = OffHeap.getFloat(secondAt + o);
        final float mean = OffHeap.getFloat(meanAt + o);
        final float buffer = OffHeap.getFloat(bufferAt + o);
        final float d = gradient + parameter * weightDecay;
        final float newSecond = Subnormal.toZero(second * alpha + d * d * oneMinusAlpha);
        final float newMean = Subnormal.toZero(mean + (d - mean) * oneMinusAlpha);
        final float variance = Math.max(newSecond - newMean * newMean * centring, 0f);
        final float newBuffer =
            Subnormal.toZero(buffer * momentum + d / ((float) Math.sqrt(variance) + epsilon));
        final float newParameter = parameter - newBuffer * rate;
        OffHeap.setFloat(secondAt + o, newSecond);
        OffHeap.setFloat(meanAt + o, newMean);
        OffHeap.setFloat(bufferAt + o, newBuffer);
        OffHeap.setFloat(p + o, newParameter);
      }
    }
  }
}
