package dev.gradus.kernel;

import dev.gradus.memory.OffHeap;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Adam in one pass: {@code d = g + weightDecay * p; m += (1 - beta1) * (d - m); v = beta2 * v + (1
 * - beta2) * d^2; p -= stepSize * m / (sqrt(v) * inverseSqrtCorrection2 + epsilon)}.
 *
 * <p>Source: Kingma and Ba 2015, in the form of PyTorch's {@code Adam}.
 */
public abstract class AdamUpdate {
  private AdamUpdate() {}

  public static AdamUpdate of(final KernelMode mode) {
    return mode == KernelMode.VECTOR ? new Vector() : new Scalar();
  }

  /**
   * Updates.
   *
   * @param p parameters, updated.
   * @param g their gradient.
   * @param m first moment, updated; 0 before the first step.
   * @param v second moment, updated; 0 before the first step.
   * @param stepSize {@code learningRate / (1 - beta1^t)} at step t = 1, 2, ...
   * @param beta1 in double precision: {@code 1 - 0.9f} is not 0.1f.
   * @param beta2 in double precision; {@code 1 - 0.999f} would be 5e-5 off.
   * @param inverseSqrtCorrection2 {@code 1 / sqrt(1 - beta2^t)}.
   */
  public final void run(
      final long p,
      final long g,
      final long m,
      final long v,
      final long count,
      final float stepSize,
      final double beta1,
      final double beta2,
      final float inverseSqrtCorrection2,
      final float epsilon,
      final float weightDecay) {
    update(
        p,
        g,
        m,
        v,
        count,
        stepSize,
        (float) (1.0 - beta1),
        (float) beta2,
        (float) (1.0 - beta2),
        inverseSqrtCorrection2,
        epsilon,
        weightDecay);
  }

  abstract void update(
      long p,
      long g,
      long m,
      long v,
      long count,
      float stepSize,
      float oneMinusBeta1,
      float beta2,
      float oneMinusBeta2,
      float inverseSqrtCorrection2,
      float epsilon,
      float weightDecay);

  private static final class Vector extends AdamUpdate {
    private static final VectorSpecies<Float> F = Lanes.F;
    private static final MemorySegment ALL = OffHeap.ALL;
    private static final ByteOrder ORDER = Lanes.ORDER;

    private final Scalar rest = new Scalar();

    @Override
    void update(
        final long p,
        final long g,
        final long m,
        final long v,
        final long count,
        final float stepSize,
        final float oneMinusBeta1,
        final float beta2,
        final float oneMinusBeta2,
        final float inverseSqrtCorrection2,
        final float epsilon,
        final float weightDecay) {
      final long whole = F.loopBound(count);
      for (long i = 0; i < whole; i += Lanes.COUNT) {
        final FloatVector parameter =
            FloatVector.fromMemorySegment(F, ALL, p + i * Float.BYTES, ORDER);
        final FloatVector gradient =
            FloatVector.fromMemorySegment(F, ALL, g + i * Float.BYTES, ORDER);
        final FloatVector first = FloatVector.fromMemorySegment(F, ALL, m + i * Float.BYTES, ORDER);
        final FloatVector second =
            FloatVector.fromMemorySegment(F, ALL, v + i * Float.BYTES, ORDER);
        final FloatVector d = gradient.add(parameter.mul(weightDecay));
        final FloatVector newFirst = first.add(d.sub(first).mul(oneMinusBeta1));
        final FloatVector newSecond = second.mul(beta2).add(d.mul(d).mul(oneMinusBeta2));
        final FloatVector scale = newSecond.sqrt().mul(inverseSqrtCorrection2).add(epsilon);
        final FloatVector newParameter = parameter.sub(newFirst.mul(stepSize).div(scale));
        newFirst.intoMemorySegment(ALL, m + i * Float.BYTES, ORDER);
        newSecond.intoMemorySegment(ALL, v + i * Float.BYTES, ORDER);
        newParameter.intoMemorySegment(ALL, p + i * Float.BYTES, ORDER);
      }
      final long done = whole * Float.BYTES;
      rest.update(
          p + done,
          g + done,
          m + done,
          v + done,
          count - whole,
          stepSize,
          oneMinusBeta1,
          beta2,
          oneMinusBeta2,
          inverseSqrtCorrection2,
          epsilon,
          weightDecay);
    }
  }

  private static final class Scalar extends AdamUpdate {
    @Override
    void update(
        final long p,
        final long g,
        final long m,
        final long v,
        final long count,
        final float stepSize,
        final float oneMinusBeta1,
        final float beta2,
        final float oneMinusBeta2,
        final float inverseSqrtCorrection2,
        final float epsilon,
        final float weightDecay) {
      for (long i = 0; i < count; i++) {
        final float parameter = OffHeap.getFloat(p + i * Float.BYTES);
        final float d = OffHeap.getFloat(g + i * Float.BYTES) + parameter * weightDecay;
        final float first = OffHeap.getFloat(m + i * Float.BYTES);
        final float newFirst = first + (d - first) * oneMinusBeta1;
        final float newSecond =
            OffHeap.getFloat(v + i * Float.BYTES) * beta2 + d * d * oneMinusBeta2;
        final float scale = (float) Math.sqrt(newSecond) * inverseSqrtCorrection2 + epsilon;
        OffHeap.setFloat(m + i * Float.BYTES, newFirst);
        OffHeap.setFloat(v + i * Float.BYTES, newSecond);
        OffHeap.setFloat(p + i * Float.BYTES, parameter - newFirst * stepSize / scale);
      }
    }
  }
}
