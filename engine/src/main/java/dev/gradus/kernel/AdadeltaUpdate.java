package dev.gradus.kernel;

import dev.gradus.memory.OffHeap;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Adadelta in one pass: {@code d = g + weightDecay * p; v = rho * v + (1 - rho) * d^2; x = d *
 * sqrt(u + epsilon) / sqrt(v + epsilon); u = rho * u + (1 - rho) * x^2; p -= rate * x}.
 *
 * <p>Source: Zeiler 2012, in the form of PyTorch's {@code Adadelta}.
 */
public abstract class AdadeltaUpdate {
  /** Numbers that {@link #run} takes. */
  public static final int SCALARS = 5;

  private AdadeltaUpdate() {}

  public static AdadeltaUpdate of(final KernelMode mode) {
    return mode == KernelMode.VECTOR ? new Vector() : new Scalar();
  }

  /**
   * Updates.
   *
   * @param p parameters, updated.
   * @param g their gradient.
   * @param state the slots v, u, updated; 0 before the first step.
   * @param slotBytes from an element of one slot to that of the next.
   * @param scalars rho, 1 - rho, weight decay, rate, epsilon.
   */
  public abstract void run(long p, long g, long state, long slotBytes, long count, float[] scalars);

  private static final class Vector extends AdadeltaUpdate {
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
      final float rho = scalars[0];
      final float oneMinusRho = scalars[1];
      final float weightDecay = scalars[2];
      final float rate = scalars[3];
      final float epsilon = scalars[4];
      final long secondAt = state;
      final long movedAt = state + slotBytes;
      final long whole = F.loopBound(count);
      for (long i = 0; i < whole; i += Lanes.COUNT) {
        final long o = i * Float.BYTES;
        final FloatVector parameter = FloatVector.fromMemorySegment(F, ALL, p + o, ORDER);
        final FloatVector gradient = FloatVector.fromMemorySegment(F, ALL, g + o, ORDER);
        final FloatVector second = FloatVector.fromMemorySegment(F, ALL, secondAt + o, ORDER);
        final FloatVector moved = FloatVector.fromMemorySegment(F, ALL, movedAt + o, ORDER);
        final FloatVector d = gradient.add(parameter.mul(weightDecay));
        final FloatVector newSecond =
            Subnormal.toZero(second.mul(rho).add(d.mul(d).mul(oneMinusRho)));
        final FloatVector ratio = moved.add(epsilon).sqrt().div(newSecond.add(epsilon).sqrt());
        final FloatVector step = ratio.mul(d);
        final FloatVector newMoved =
            Subnormal.toZero(moved.mul(rho).add(step.mul(step).mul(oneMinusRho)));
        final FloatVector newParameter = parameter.sub(step.mul(rate));
        newSecond.intoMemorySegment(ALL, secondAt + o, ORDER);
        newMoved.intoMemorySegment(ALL, movedAt + o, ORDER);
        newParameter.intoMemorySegment(ALL, p + o, ORDER);
      }
      final long done = whole * Float.BYTES;
      rest.run(p + done, g + done, state + done, slotBytes, count - whole, scalars);
    }
  }

  private static final class Scalar extends AdadeltaUpdate {
    @Override
    public void run(
        final long p,
        final long g,
        final long state,
        final long slotBytes,
        final long count,
        final float[] scalars) {
      final float rho = scalars[0];
      final float oneMinusRho = scalars[1];
      final float weightDecay = scalars[2];
      final float rate = scalars[3];
      final float epsilon = scalars[4];
      final long secondAt = state;
      final long movedAt = state + slotBytes;
      for (long i = 0; i < count; i++) {
        final long o = i * Float.BYTES;
        final float parameter = OffHeap.getFloat(p + o);
        final float gradient = OffHeap.getFloat(g + o);
        final float second = OffHeap.getFloat(secondAt + o);
        final float moved = OffHeap.getFloat(movedAt + o);
        final float d = gradient + parameter * weightDecay;
        final float newSecond = Subnormal.toZero(second * rho + d * d * oneMinusRho);
        final float ratio =
            (float) Math.sqrt(moved + epsilon) / (float) Math.sqrt(newSecond + epsilon);
        final float step = ratio * d;
        final float newMoved = Subnormal.toZero(moved * rho + step * step * oneMinusRho);
        final float newParameter = parameter - step * rate;
        OffHeap.setFloat(secondAt + o, newSecond);
        OffHeap.setFloat(movedAt + o, newMoved);
        OffHeap.setFloat(p + o, newParameter);
      }
    }
  }
}
