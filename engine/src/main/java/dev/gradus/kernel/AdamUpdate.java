package dev.gradus.kernel;

import dev.gradus.memory.OffHeap;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

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
      final long bytes = count * Float.BYTES;
      final long whole = Lanes.whole(bytes);
      for (long o = 0; o < whole; o += Lanes.BYTES) {
        final FloatVector parameter = Lanes.load(p + o);
        final FloatVector d = Lanes.load(g + o).add(parameter.mul(weightDecay));
        final FloatVector oldFirst = Lanes.load(m + o);
        final FloatVector first = oldFirst.add(d.sub(oldFirst).mul(oneMinusBeta1));
        final FloatVector second = Lanes.load(v + o).mul(beta2).add(d.mul(d).mul(oneMinusBeta2));
        Lanes.store(first, m + o);
        Lanes.store(second, v + o);
        final FloatVector scale = second.sqrt().mul(inverseSqrtCorrection2).add(epsilon);
        Lanes.store(parameter.sub(first.mul(stepSize).div(scale)), p + o);
      }
      if (whole < bytes) {
        final VectorMask<Float> tail = Lanes.first(bytes - whole);
        final FloatVector parameter = Lanes.load(p + whole, tail);
        final FloatVector d = Lanes.load(g + whole, tail).add(parameter.mul(weightDecay));
        final FloatVector oldFirst = Lanes.load(m + whole, tail);
        final FloatVector first = oldFirst.add(d.sub(oldFirst).mul(oneMinusBeta1));
        final FloatVector second =
            Lanes.load(v + whole, tail).mul(beta2).add(d.mul(d).mul(oneMinusBeta2));
        Lanes.store(first, m + whole, tail);
        Lanes.store(second, v + whole, tail);
        final FloatVector scale = second.sqrt().mul(inverseSqrtCorrection2).add(epsilon);
        Lanes.store(parameter.sub(first.mul(stepSize).div(scale)), p + whole, tail);
      }
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
      final long bytes = count * Float.BYTES;
      for (long o = 0; o < bytes; o += Float.BYTES) {
        final float parameter = OffHeap.getFloat(p + o);
        final float d = OffHeap.getFloat(g + o) + parameter * weightDecay;
        final float oldFirst = OffHeap.getFloat(m + o);
        final float first = oldFirst + (d - oldFirst) * oneMinusBeta1;
        final float second = OffHeap.getFloat(v + o) * beta2 + d * d * oneMinusBeta2;
        OffHeap.setFloat(m + o, first);
        OffHeap.setFloat(v + o, second);
        final float scale = (float) Math.sqrt(second) * inverseSqrtCorrection2 + epsilon;
        OffHeap.setFloat(p + o, parameter - first * stepSize / scale);
      }
    }
  }
}
