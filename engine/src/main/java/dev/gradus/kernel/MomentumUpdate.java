package dev.gradus.kernel;

import dev.gradus.memory.OffHeap;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Gradient descent with momentum in one pass: {@code d = g + weightDecay * p; v = momentum * v + d;
 * p -= learningRate * v}, or {@code p -= learningRate * (d + momentum * v)} in Nesterov's form.
 *
 * <p>Source: PyTorch's {@code SGD} with dampening 0; its first step, {@code v = d}, is that of a
 * velocity of 0.
 */
public abstract class MomentumUpdate {
  private MomentumUpdate() {}

  public static MomentumUpdate of(final KernelMode mode) {
    return mode == KernelMode.VECTOR ? new Vector() : new Scalar();
  }

  /**
   * Updates.
   *
   * @param p parameters, updated.
   * @param g their gradient.
   * @param v their velocity, updated; 0 before the first step.
   */
  public final void run(
      final long p,
      final long g,
      final long v,
      final long count,
      final float learningRate,
      final float momentum,
      final boolean nesterov,
      final float weightDecay) {
    if (nesterov) {
      update(p, g, v, count, learningRate, momentum, 1f, momentum, weightDecay);
    } else {
      update(p, g, v, count, learningRate, momentum, 0f, 1f, weightDecay);
    }
  }

  /** Both forms: {@code p -= learningRate * (gradientShare * d + velocityShare * v)}. */
  abstract void update(
      long p,
      long g,
      long v,
      long count,
      float learningRate,
      float momentum,
      float gradientShare,
      float velocityShare,
      float weightDecay);

  private static final class Vector extends MomentumUpdate {
    private static final VectorSpecies<Float> F = Lanes.F;
    private static final MemorySegment ALL = OffHeap.ALL;
    private static final ByteOrder ORDER = Lanes.ORDER;

    private final Scalar rest = new Scalar();

    @Override
    void update(
        final long p,
        final long g,
        final long v,
        final long count,
        final float learningRate,
        final float momentum,
        final float gradientShare,
        final float velocityShare,
        final float weightDecay) {
      final long whole = F.loopBound(count);
      for (long i = 0; i < whole; i += Lanes.COUNT) {
        final FloatVector parameter =
            FloatVector.fromMemorySegment(F, ALL, p + i * Float.BYTES, ORDER);
        final FloatVector gradient =
            FloatVector.fromMemorySegment(F, ALL, g + i * Float.BYTES, ORDER);
        final FloatVector velocity =
            FloatVector.fromMemorySegment(F, ALL, v + i * Float.BYTES, ORDER);
        final FloatVector d = gradient.add(parameter.mul(weightDecay));
        final FloatVector newVelocity = Subnormal.toZero(velocity.mul(momentum).add(d));
        final FloatVector direction = d.mul(gradientShare).add(newVelocity.mul(velocityShare));
        final FloatVector newParameter = parameter.sub(direction.mul(learningRate));
        newVelocity.intoMemorySegment(ALL, v + i * Float.BYTES, ORDER);
        newParameter.intoMemorySegment(ALL, p + i * Float.BYTES, ORDER);
      }
      final long done = whole * Float.BYTES;
      rest.update(
          p + done,
          g + done,
          v + done,
          count - whole,
          learningRate,
          momentum,
          gradientShare,
          velocityShare,
          weightDecay);
    }
  }

  private static final class Scalar extends MomentumUpdate {
    @Override
    void update(
        final long p,
        final long g,
        final long v,
        final long count,
        final float learningRate,
        final float momentum,
        final float gradientShare,
        final float velocityShare,
        final float weightDecay) {
      for (long i = 0; i < count; i++) {
        final float parameter = OffHeap.getFloat(p + i * Float.BYTES);
        final float d = OffHeap.getFloat(g + i * Float.BYTES) + parameter * weightDecay;
        final float velocity =
            Subnormal.toZero(OffHeap.getFloat(v + i * Float.BYTES) * momentum + d);
        final float direction = d * gradientShare + velocity * velocityShare;
        OffHeap.setFloat(v + i * Float.BYTES, velocity);
        OffHeap.setFloat(p + i * Float.BYTES, parameter - direction * learningRate);
      }
    }
  }
}
